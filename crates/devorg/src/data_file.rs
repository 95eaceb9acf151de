//! The file of `--data`, which keeps the org's state across restarts.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::oauth::keys::SigningKeys;
use crate::org::state::OrgState;
use crate::shared::SharedState;

/// The content of the file.
#[derive(Serialize, Deserialize)]
struct DataFile {
    /// The version of the format.
    version: u32,
    /// Ids and PKCS#8, base64.
    keys: Vec<(String, String)>,
    org: OrgState,
}

/// Reads the version alone, since another version may differ in everything else.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

const VERSION: u32 = 4;

/// Restores the state from the file. Without a file the org starts fresh.
pub(crate) fn load(shared: &SharedState, path: &Path) -> Result<(), String> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    let Version { version } = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    if version != VERSION {
        return Err(format!(
            "the file has version {version} and this program reads version {VERSION}: delete the file to start afresh"
        ));
    }
    let data: DataFile = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    let keys: Vec<_> =
        data.keys.into_iter().filter_map(|(id, der)| Some((id, STANDARD.decode(der).ok()?))).collect();
    if let Some(keys) = SigningKeys::from_pkcs8(&keys) {
        shared.set_keys(keys);
    }
    *shared.org() = data.org;
    Ok(())
}

/// Saves one state at a time. After the last one the file may be another org's.
pub(crate) struct DataFileWriter {
    path: PathBuf,
    is_finished: Mutex<bool>,
}

impl DataFileWriter {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, is_finished: Mutex::new(false) }
    }

    /// Saves the state, unless it was saved for the last time.
    fn save(&self, shared: &SharedState) -> Result<(), String> {
        let is_finished = self.is_finished.lock().unwrap_or_else(PoisonError::into_inner);
        if *is_finished { Ok(()) } else { save(shared, &self.path) }
    }

    /// Saves the state for the last time.
    pub(crate) fn finish(&self, shared: &SharedState) -> Result<(), String> {
        let mut is_finished = self.is_finished.lock().unwrap_or_else(PoisonError::into_inner);
        *is_finished = true;
        save(shared, &self.path)
    }
}

/// Writes a temporary file and renames it, so that the file is never half written.
fn save(shared: &SharedState, path: &Path) -> Result<(), String> {
    let keys = shared.keys().to_pkcs8().into_iter().map(|(id, der)| (id, STANDARD.encode(der))).collect();
    let data = DataFile { version: VERSION, keys, org: shared.org().clone() };
    let text = serde_json::to_vec(&data).map_err(|error| error.to_string())?;
    let temporary = path.with_extension("new");
    write_private(&temporary, &text)
        .and_then(|()| std::fs::rename(&temporary, path))
        .map_err(|error| error.to_string())
}

/// Saves half a second after each change, until the org stops.
pub(crate) async fn save_on_change(
    shared: Arc<SharedState>,
    writer: Arc<DataFileWriter>,
    mut stopping: watch::Receiver<bool>,
) {
    let mut changes = shared.subscribe();
    loop {
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            _ = stopping.wait_for(|stop| *stop) => return,
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        let (shared, writer) = (Arc::clone(&shared), Arc::clone(&writer));
        let saved = tokio::task::spawn_blocking(move || writer.save(&shared)).await;
        if let Ok(Err(why)) = saved {
            eprintln!("devorg: cannot save the state: {why}");
        }
    }
}

/// Writes a file that only its owner can read, because it contains keys.
fn write_private(path: &Path, text: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::settings::Settings;

    #[test]
    fn after_the_last_save_a_late_one_leaves_the_file_alone() {
        let settings = Settings::read("[[apps]]\nclient_id = \"a\"\n").unwrap();
        let shared = SharedState::new("http://localhost:8081".to_owned(), settings, false);
        let path = std::env::temp_dir().join(format!("devorg-writer-{}.json", std::process::id()));
        let writer = DataFileWriter::new(path.clone());
        writer.save(&shared).unwrap();
        writer.finish(&shared).unwrap();
        std::fs::write(&path, "of another org").unwrap();
        writer.save(&shared).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "of another org");
        std::fs::remove_file(path).unwrap();
    }
}
