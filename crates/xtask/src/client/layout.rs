//! Which files the browser gets, under which names: leaves first, so that each name holds what it refers to.

use std::fs;
use std::path::{Path, PathBuf};

use super::bind::{Bound, NAME, script};
use super::names::Names;
use super::page::{self, Asset, Piece};
use super::squeeze::squeeze;
use super::{Finish, Shipped, style};
use crate::workspace::Workspace;
use latchkey_harness::{Context, Error};

/// The page that starts the client.
const PAGE: &str = "index.html";

/// What the page runs first. It is a file, since the page's policy takes no script inside the page.
const START: &str = "boot.js";

/// What that fetches when it is needed.
const LATER: &str = "passkey.js";

/// The sign-in as an element. Other people's pages name it, so it keeps its name; it names all that it needs.
const ELEMENT: &str = "latchkey.js";

/// What loads the page again when a draft was built anew.
const RELOAD: (&str, &str) = ("reload.js", include_str!("reload.js"));

/// Lays out the client as it was bound, the page, and what the page asks for.
pub(super) fn lay_out(
    workspace: &Workspace,
    bound: Vec<Bound>,
    finish: Finish,
) -> Result<Vec<Shipped>, Error> {
    let frontend = workspace.root().join("frontend");
    let mut shipping = Shipping { names: Names::default(), files: Vec::new(), finish };
    let client = shipping.client(bound)?;
    shipping.add(LATER, script(workspace, &frontend.join(LATER), finish)?)?;
    let start =
        shipping.names.rewrite(&String::from_utf8_lossy(&script(workspace, &frontend.join(START), finish)?));
    let start = shipping.add(START, start.into_bytes())?;

    let mut page = String::new();
    for piece in page::pieces(&String::from_utf8_lossy(&read(&frontend.join(PAGE))?))? {
        match piece {
            Piece::Html(html) => page.push_str(&html),
            Piece::Asked(Asset::Client) => page.push_str(&starting(&client, &start)),
            Piece::Asked(Asset::Style(href)) => {
                let sheet = style::bundle(&frontend.join(&href))?;
                let name = shipping.add(href.trim_start_matches("../"), sheet.into_bytes())?;
                page.push_str(&format!("<link rel=\"stylesheet\" href=\"/{name}\">\n"));
            }
            Piece::Asked(Asset::Icon(href)) => {
                let name = shipping.add(&href, read(&frontend.join(&href))?)?;
                page.push_str(&format!("<link rel=\"icon\" href=\"/{name}\">\n"));
            }
            Piece::Asked(Asset::File(href)) if [START, LATER, ELEMENT].contains(&href.as_str()) => {}
            Piece::Asked(Asset::File(href)) if href.ends_with(".js") => {
                shipping.keep(&href, script(workspace, &frontend.join(&href), finish)?)?;
            }
            Piece::Asked(Asset::File(href)) => shipping.keep(&href, read(&frontend.join(&href))?)?,
            // Trunk copies the sheets one by one; we have them in one.
            Piece::Asked(Asset::Folder(href)) if href == "../style" => {}
            Piece::Asked(Asset::Folder(href)) => {
                for file in files_in(&frontend.join(&href))? {
                    shipping.keep(&format!("{href}/{file}"), read(&frontend.join(&href).join(&file))?)?;
                }
            }
        }
    }
    if finish == Finish::Draft {
        shipping.keep(RELOAD.0, RELOAD.1.as_bytes().to_vec())?;
        let script = format!("<script type=\"module\" src=\"/{}\"></script>\n</head>", RELOAD.0);
        page = page.replacen("</head>", &script, 1);
    }
    let element = script(workspace, &frontend.join(ELEMENT), finish)?;
    let element = shipping.names.rewrite(&String::from_utf8_lossy(&element));
    shipping.keep(ELEMENT, element.into_bytes())?;
    shipping.keep(PAGE, page.into_bytes())?;
    Ok(shipping.files)
}

/// What the client's two files are called.
struct Client {
    glue: String,
    wasm: String,
}

/// Both files start to load with the page, after what it takes to show it; the start script is told what they are called.
fn starting(Client { glue, wasm }: &Client, start: &str) -> String {
    format!(
        "<link rel=\"modulepreload\" fetchpriority=\"low\" href=\"/{glue}\">\n\
         <link rel=\"preload\" fetchpriority=\"low\" as=\"fetch\" type=\"application/wasm\" crossorigin href=\"/{wasm}\">\n\
         <script type=\"module\" src=\"/{start}\" data-glue=\"/{glue}\" data-wasm=\"/{wasm}\"></script>\n"
    )
}

struct Shipping {
    names: Names,
    files: Vec<Shipped>,
    finish: Finish,
}

impl Shipping {
    /// The glue names the WebAssembly, so it comes second.
    fn client(&mut self, bound: Vec<Bound>) -> Result<Client, Error> {
        let (mut glue, mut wasm) = (None, String::new());
        for file in bound {
            if file.plain == format!("{NAME}.js") {
                glue = Some(file);
            } else if file.plain.contains('/') {
                // Snippets refer to one another by path, so they keep theirs.
                self.keep(&file.plain, file.bytes)?;
            } else {
                wasm = self.add(&file.plain, file.bytes)?;
            }
        }
        let glue = glue.ok_or_else(|| Error::new("Binding the client made no script."))?;
        let script = self.names.rewrite(&String::from_utf8_lossy(&glue.bytes));
        Ok(Client { glue: self.add(&glue.plain, script.into_bytes())?, wasm })
    }

    /// Ships a file under a name that its content gives it.
    fn add(&mut self, plain: &str, bytes: Vec<u8>) -> Result<String, Error> {
        let name = self.names.give(plain, &bytes);
        self.ship(plain, name.clone(), bytes)?;
        Ok(name)
    }

    /// Ships a file that is asked for by the name it has.
    fn keep(&mut self, plain: &str, bytes: Vec<u8>) -> Result<(), Error> {
        self.ship(plain, plain.to_owned(), bytes)
    }

    fn ship(&mut self, plain: &str, name: String, bytes: Vec<u8>) -> Result<(), Error> {
        let encoded = if self.finish == Finish::Draft { Vec::new() } else { squeeze(&bytes)? };
        self.files.push(Shipped { plain: plain.to_owned(), name, bytes, encoded });
        Ok(())
    }
}

/// The files right in a folder, sources left out.
fn files_in(folder: &Path) -> Result<Vec<String>, Error> {
    let about = || format!("The client's page asks for {}, which cannot be read", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).context(about())? {
        let name = PathBuf::from(entry.context(about())?.file_name());
        if name.extension().is_some_and(|extension| extension != "rs") {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).context(format_args!("Cannot read {}", path.display()))
}
