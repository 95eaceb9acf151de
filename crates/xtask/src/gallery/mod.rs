//! `cargo xtask gallery`: every screen of the client, with fixed answers in place of a server, as static files.

mod file_server;

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use latchkey_harness::{Context, Error, progress};

use crate::client::{self, Finish};
use crate::workspace::Workspace;
use file_server::FileServer;

/// The pages of the gallery and its fixtures, beside which the files of the client go.
const SOURCES: &str = "frontend/gallery";

/// The folder of the gallery in a release, beside the npm packages.
const RELEASED: &str = "gallery";

/// Serves the gallery until Ctrl-C.
pub(crate) fn serve(workspace: &Workspace, bind: SocketAddr) -> Result<(), Error> {
    let server = FileServer::bind(bind)?;
    let client = client::build(workspace, Finish::Plain)?;
    let folder = workspace.root().join("target").join("gallery");
    write(workspace, &client, &folder)?;
    println!("  gallery  {}", server.url());
    println!("  Ctrl-C ends it.");
    server.serve(&folder)
}

/// Writes the gallery for a release, and returns its folder.
pub(crate) fn write_released(workspace: &Workspace, client: &Path) -> Result<PathBuf, Error> {
    let folder = released(workspace);
    write(workspace, client, &folder)?;
    Ok(folder)
}

/// Removes the gallery of an earlier release.
pub(crate) fn remove(workspace: &Workspace) -> Result<(), Error> {
    remove_folder(&released(workspace))
}

fn released(workspace: &Workspace) -> PathBuf {
    workspace.dist().join(RELEASED)
}

/// Writes the gallery and a copy of the client into an empty folder.
fn write(workspace: &Workspace, client: &Path, folder: &Path) -> Result<(), Error> {
    progress::step("gallery", "writing the files");
    let names = client::files(client)?;
    remove_folder(folder)?;
    for name in &names {
        // The page of the client is not shown, and a file server compresses in its own way.
        let is_shown = name != "index.html" && !name.ends_with(".br") && !name.ends_with(".gz");
        if is_shown {
            copy(&client.join(name), &folder.join(name))?;
        }
    }
    for path in client::files(&workspace.root().join(SOURCES))? {
        copy(&workspace.root().join(SOURCES).join(&path), &folder.join(&path))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    let about = || format!("Cannot write {}", to.display());
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent).context(about())?;
    }
    fs::copy(from, to).context(about())?;
    Ok(())
}

fn remove_folder(folder: &Path) -> Result<(), Error> {
    if folder.exists() {
        fs::remove_dir_all(folder).context(format_args!("Cannot remove {}", folder.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gallery_has_the_client_and_its_own_pages_and_nothing_of_an_earlier_build() {
        let checkout = tempfile::tempdir().unwrap();
        let at = |path: &str| checkout.path().join(path);
        for path in [
            "client/index.html",
            "client/latchkey.js",
            "client/latchkey.js.br",
            "client/npm/client/index.js",
            "client/gallery/index.html",
            "client/text/de.json",
            "frontend/gallery/index.html",
            "frontend/gallery/screens.json",
            "out/old.js",
        ] {
            fs::create_dir_all(at(path).parent().unwrap()).unwrap();
            fs::write(at(path), path).unwrap();
        }
        let workspace = Workspace::find().unwrap().at(checkout.path());
        write(&workspace, &at("client"), &at("out")).unwrap();
        let written = client::files(&at("out")).unwrap();
        assert_eq!(written, ["index.html", "latchkey.js", "screens.json", "text/de.json"]);
        assert_eq!(fs::read_to_string(at("out/index.html")).unwrap(), "frontend/gallery/index.html");
    }
}
