//! What is kept across restarts, in one file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::oauth::keys::Keys;
use crate::org::state::World;
use crate::shared::SharedState;

/// The file.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Of what shape the rest is.
    version: u32,
    /// Ids and PKCS#8, base64.
    keys: Vec<(String, String)>,
    world: World,
}

/// All that is looked at of a file that may be of another shape.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

const VERSION: u32 = 2;

/// Takes up what was kept; nothing, if there is no file yet.
pub(crate) fn load(site: &SharedState, path: &Path) -> Result<(), String> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    let Version { version } = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    if version != VERSION {
        return Err(format!("it is of version {version}, and this org reads {VERSION}"));
    }
    let kept: Kept = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    let keys: Vec<_> =
        kept.keys.into_iter().filter_map(|(id, der)| Some((id, STANDARD.decode(der).ok()?))).collect();
    if let Some(keys) = Keys::kept(&keys) {
        site.take_keys(keys);
    }
    *site.world() = kept.world;
    Ok(())
}

/// Writes down what is to be kept, whole or not at all.
pub(crate) fn save(site: &SharedState, path: &Path) -> Result<(), String> {
    let keys = site.keys().to_keep().into_iter().map(|(id, der)| (id, STANDARD.encode(der))).collect();
    let kept = Kept { version: VERSION, keys, world: site.world().clone() };
    let text = serde_json::to_vec(&kept).map_err(|error| error.to_string())?;
    let beside = path.with_extension("new");
    write_private(&beside, &text)
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|error| error.to_string())
}

/// Keeps up with what happens, a moment later, until the end.
pub(crate) async fn keep(site: Arc<SharedState>, path: PathBuf, mut ending: watch::Receiver<bool>) {
    let mut news = site.news();
    loop {
        tokio::select! {
            told = news.changed() => if told.is_err() { return },
            _ = ending.wait_for(|ended| *ended) => return,
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        let (site, path) = (Arc::clone(&site), path.clone());
        let saved = tokio::task::spawn_blocking(move || save(&site, &path)).await;
        if let Ok(Err(why)) = saved {
            eprintln!("devorg: the state could not be written down: {why}");
        }
    }
}

/// For the owner's eyes: there are keys in it.
fn write_private(path: &Path, text: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text)
}
