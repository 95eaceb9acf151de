//! Lays out the client's files with hashed names. A file is named before the files that refer to it, because its name is
//! part of their content.

use std::fs;
use std::path::{Path, PathBuf};

use latchkey_harness::{Context, Error};

use super::bind::{BoundFile, STEM};
use super::compress::compress;
use super::finish::Finish;
use super::hashed_names::HashedNames;
use super::html::{self, Asset, Piece};
use super::shipped::{Shipped, files_below};
use super::{css, optimise};
use crate::workspace::Workspace;

/// The page that starts the client.
const PAGE: &str = "index.html";

/// The script that starts the client. The page's policy forbids scripts inside the page.
const START_SCRIPT: &str = "boot.js";

/// The scripts that the start script loads later.
const LATER_SCRIPTS: [&str; 3] = ["device.js", "motion.js", "passkey.js"];

/// The sheet of the account page. The start script names it for the program.
const ACCOUNT_STYLE: &str = "../style/account.css";

/// The custom element for the account page.
const ACCOUNT_ELEMENT_SCRIPT: &str = "latchkey-account.js";

/// The custom element. Pages of others name it, so its name has no hash.
const ELEMENT_SCRIPT: &str = "latchkey.js";

/// What the custom elements load on demand.
const ELEMENT_LATER_SCRIPTS: [&str; 5] = [
    "latchkey-advice.js",
    "latchkey-brand.js",
    "latchkey-menu.js",
    "latchkey-objections.js",
    "latchkey-overlay.js",
];

/// The modules of the custom elements. With esbuild they are part of their scripts.
const ELEMENT_MODULES: [&str; 6] = [
    "latchkey-languages.js",
    "latchkey-opening.js",
    "latchkey-properties.js",
    "latchkey-session.js",
    "latchkey-sign-in.js",
    "latchkey-surroundings.js",
];

/// The folder of the style sheets.
const STYLE: &str = "style";

/// The style sheet that the start script names. The page names the other one.
const LATE_STYLE: &str = "../style/late.css";

/// The script that reloads the page after a build; drafts only.
const RELOAD: (&str, &str) = ("reload.js", include_str!("reload.js"));

/// Lays out the bound client, the page, and what the page includes.
pub(super) fn lay_out(
    workspace: &Workspace,
    bound: Vec<BoundFile>,
    finish: Finish,
) -> Result<Vec<Shipped>, Error> {
    let frontend = workspace.root().join("frontend");
    let mut layout = Layout { workspace, frontend, names: HashedNames::default(), files: Vec::new(), finish };
    let client = layout.add_client(bound)?;
    for name in LATER_SCRIPTS {
        let script = layout.script(name)?;
        layout.add_hashed(name, script)?;
    }
    layout.add_style(LATE_STYLE)?;
    layout.add_style(ACCOUNT_STYLE)?;
    let start = layout.script_with_names(START_SCRIPT)?;
    let start = layout.add_hashed(START_SCRIPT, start)?;
    for name in ELEMENT_LATER_SCRIPTS {
        let script = layout.script(name)?;
        layout.add_hashed(name, script)?;
    }
    let page = layout.page(&client, &start)?;
    for name in [ELEMENT_SCRIPT, ACCOUNT_ELEMENT_SCRIPT] {
        let script = layout.element_script(name)?;
        layout.add(name, script)?;
    }
    layout.add(PAGE, page.into_bytes())?;
    Ok(layout.files)
}

/// The names of the client's files.
struct Client {
    /// The glue, then what it imports.
    scripts: Vec<String>,
    wasm: String,
}

impl Client {
    /// The tags that load the client. Its files load after what the first view needs, and the start script gets their names.
    fn tags(&self, start: &str) -> String {
        let preload = |name| format!("<link rel=\"modulepreload\" fetchpriority=\"low\" href=\"/{name}\">\n");
        let scripts: String = self.scripts.iter().map(preload).collect();
        let (glue, wasm) = (self.scripts.first().map(String::as_str).unwrap_or_default(), &self.wasm);
        format!(
            "{scripts}\
             <link rel=\"preload\" fetchpriority=\"low\" as=\"fetch\" type=\"application/wasm\" crossorigin href=\"/{wasm}\">\n\
             <script type=\"module\" src=\"/{start}\" data-glue=\"/{glue}\" data-wasm=\"/{wasm}\"></script>\n"
        )
    }
}

struct Layout<'a> {
    workspace: &'a Workspace,
    frontend: PathBuf,
    names: HashedNames,
    files: Vec<Shipped>,
    finish: Finish,
}

impl Layout<'_> {
    /// Adds the WebAssembly, then the scripts that name it: the glue, and the loader of the parts. The glue and the loader name each
    /// other.
    fn add_client(&mut self, bound: Vec<BoundFile>) -> Result<Client, Error> {
        let main = format!("{STEM}_bg.wasm");
        let (mut scripts, mut wasm) = (Vec::new(), String::new());
        for file in bound {
            if file.path.contains('/') {
                // Snippets import one another by path.
                self.add(&file.path, file.bytes)?;
            } else if file.path.ends_with(".js") {
                scripts.push(file);
            } else {
                let name = self.add_hashed(&file.path, file.bytes)?;
                if file.path == main {
                    wasm = name;
                }
            }
        }
        for script in &mut scripts {
            script.bytes = self.names.rewrite(&String::from_utf8_lossy(&script.bytes)).into_bytes();
        }
        let together: Vec<_> =
            scripts.iter().map(|file| (file.path.as_str(), file.bytes.as_slice())).collect();
        self.names.add_together(&together);
        // The glue is first, because the start script needs its name.
        scripts.sort_by_key(|script| script.path != format!("{STEM}.js"));
        let mut names = Vec::new();
        for script in scripts {
            let name = self.names.get(&script.path).unwrap_or(&script.path).to_owned();
            let text = self.names.rewrite(&String::from_utf8_lossy(&script.bytes));
            self.push(&script.path, name.clone(), text.into_bytes())?;
            names.push(name);
        }
        Ok(Client { scripts: names, wasm })
    }

    /// The page with each directive replaced by what it includes.
    fn page(&mut self, client: &Client, start: &str) -> Result<String, Error> {
        let mut page = String::new();
        for piece in html::pieces(&String::from_utf8_lossy(&read(&self.frontend.join(PAGE))?))? {
            match piece {
                Piece::Html(html) => page.push_str(&html),
                Piece::Directive(Asset::Client) => page.push_str(&client.tags(start)),
                Piece::Directive(Asset::Style(href)) => {
                    let name = self.add_style(&href)?;
                    page.push_str(&format!("<link rel=\"stylesheet\" href=\"/{name}\">\n"));
                }
                Piece::Directive(Asset::Icon(href)) => {
                    let name = self.add_hashed(&href, read(&self.frontend.join(&href))?)?;
                    page.push_str(&format!("<link rel=\"icon\" href=\"/{name}\">\n"));
                }
                Piece::Directive(Asset::File(href)) => self.add_file(&href)?,
                Piece::Directive(Asset::Folder(href)) => self.add_folder(&href)?,
            }
        }
        if self.finish == Finish::Draft {
            self.add(RELOAD.0, RELOAD.1.as_bytes().to_vec())?;
            let script = format!("<script type=\"module\" src=\"/{}\"></script>\n</head>", RELOAD.0);
            page = page.replacen("</head>", &script, 1);
        }
        Ok(page)
    }

    /// Adds the sheet as one file with its assets. Without esbuild the whole folder of sheets is copied, and the browser follows
    /// the imports.
    fn add_style(&mut self, href: &str) -> Result<String, Error> {
        let source = href.trim_start_matches("../");
        if self.finish != Finish::Full {
            return Ok(source.to_owned());
        }
        let bundle = css::bundle(self.workspace, &self.frontend.join(href))?;
        for (path, bytes) in bundle.assets {
            self.add_hashed(&format!("{STYLE}/{path}"), bytes)?;
        }
        let css = self.names.rewrite(&bundle.css);
        self.add_hashed(source, css.into_bytes())
    }

    fn add_file(&mut self, href: &str) -> Result<(), Error> {
        let own = [START_SCRIPT, ELEMENT_SCRIPT, ACCOUNT_ELEMENT_SCRIPT];
        let laid_out = [&own[..], &LATER_SCRIPTS, &ELEMENT_LATER_SCRIPTS].concat();
        if laid_out.contains(&href) {
            return Ok(());
        }
        if ELEMENT_MODULES.contains(&href) {
            if self.finish == Finish::Full {
                return Ok(());
            }
            // They import the start script by its hashed name.
            let script = self.script_with_names(href)?;
            return self.add(href, script);
        }
        let bytes = if href.ends_with(".js") { self.script(href)? } else { read(&self.frontend.join(href))? };
        self.add(href, bytes)
    }

    fn add_folder(&mut self, href: &str) -> Result<(), Error> {
        let source = href.trim_start_matches("../");
        if source == STYLE && self.finish == Finish::Full {
            return Ok(());
        }
        let folder = self.frontend.join(href);
        for path in files_below(&folder)? {
            if path.extension().is_some_and(|extension| extension != "rs") {
                let inside = path.strip_prefix(&folder).unwrap_or(&path).to_string_lossy();
                self.add(&format!("{source}/{inside}"), read(&path)?)?;
            }
        }
        Ok(())
    }

    /// A script of the client, minified if there is esbuild.
    fn script(&self, name: &str) -> Result<Vec<u8>, Error> {
        let path = self.frontend.join(name);
        if self.finish == Finish::Full { optimise::script(self.workspace, &path) } else { read(&path) }
    }

    fn script_with_names(&self, name: &str) -> Result<Vec<u8>, Error> {
        Ok(self.names.rewrite(&String::from_utf8_lossy(&self.script(name)?)).into_bytes())
    }

    /// The script of a custom element, with its modules in it if there is esbuild.
    fn element_script(&self, name: &str) -> Result<Vec<u8>, Error> {
        if self.finish != Finish::Full {
            return self.script_with_names(name);
        }
        let apart = [&[START_SCRIPT][..], &ELEMENT_LATER_SCRIPTS].concat();
        let script = optimise::script_with_modules(self.workspace, &self.frontend, name, &apart)?;
        Ok(self.names.rewrite(&String::from_utf8_lossy(&script)).into_bytes())
    }

    /// Adds a file under a name with its hash, and returns the name.
    fn add_hashed(&mut self, source: &str, bytes: Vec<u8>) -> Result<String, Error> {
        let name = self.names.add(source, &bytes);
        self.push(source, name.clone(), bytes)?;
        Ok(name)
    }

    /// Adds a file under its own name.
    fn add(&mut self, source: &str, bytes: Vec<u8>) -> Result<(), Error> {
        self.push(source, source.to_owned(), bytes)
    }

    fn push(&mut self, source: &str, name: String, bytes: Vec<u8>) -> Result<(), Error> {
        let encoded = if self.finish == Finish::Draft { Vec::new() } else { compress(&bytes)? };
        self.files.push(Shipped { source: source.to_owned(), name, bytes, encoded });
        Ok(())
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).context(format_args!("Cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::npm;

    /// A checkout with a page that includes one sheet, which names a font.
    fn laid_out(finish: Finish) -> Vec<Shipped> {
        let checkout = tempfile::tempdir().unwrap();
        let own = Workspace::find().unwrap();
        if finish == Finish::Full {
            npm::packages(&own).unwrap();
        }
        let page = "<link data-trunk rel=\"css\" href=\"../style/main.css\"><link data-trunk rel=\"copy-dir\" href=\"../style\">";
        let element = ELEMENT_LATER_SCRIPTS.map(|name| (format!("frontend/{name}"), ""));
        let element = element.iter().map(|(path, text)| (path.as_str(), *text));
        for (path, text) in element.chain([
            ("style/account.css", ""),
            ("frontend/latchkey-account.js", ""),
            ("frontend/index.html", page),
            ("frontend/boot.js", "load(\"./style/late.css\")"),
            ("frontend/device.js", ""),
            ("frontend/motion.js", ""),
            ("frontend/passkey.js", ""),
            ("frontend/latchkey.js", "load(\"./style/main.css\")"),
            ("style/late.css", "p { top: 0 }"),
            ("style/main.css", "@import \"brand/face.css\";"),
            ("style/brand/face.css", "@font-face { font-family: Brand; src: url(brand.woff2); }"),
            ("style/brand/brand.woff2", "wOF2"),
        ]) {
            let path = checkout.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        std::os::unix::fs::symlink(own.e2e(), checkout.path().join("e2e")).unwrap();
        let bound = BoundFile { path: format!("{STEM}.js"), bytes: Vec::new() };
        lay_out(&own.at(checkout.path()), vec![bound], finish).unwrap()
    }

    fn file<'a>(files: &'a [Shipped], source: &str) -> (&'a str, String) {
        let file = files.iter().find(|file| file.source == source).unwrap();
        (&file.name, String::from_utf8_lossy(&file.bytes).into_owned())
    }

    #[test]
    fn a_font_gets_a_hashed_name_that_the_sheet_uses() {
        let files = laid_out(Finish::Full);
        let (font, bytes) = file(&files, "style/brand/brand.woff2");
        assert!(font.starts_with("brand-") && font.ends_with(".woff2") && bytes == "wOF2", "{font}");
        let (sheet, css) = file(&files, "style/main.css");
        assert!(css.contains(font), "{css}");
        assert!(file(&files, PAGE).1.contains(sheet) && file(&files, ELEMENT_SCRIPT).1.contains(sheet));
        let (late, _) = file(&files, "style/late.css");
        assert!(late.starts_with("late-") && file(&files, START_SCRIPT).1.contains(late), "{late}");
        assert!(!files.iter().any(|file| file.source == "style/brand/face.css"));
    }

    #[test]
    fn without_node_the_sheets_are_shipped_as_they_are() {
        let files = laid_out(Finish::Plain);
        assert!(file(&files, PAGE).1.contains("href=\"/style/main.css\""));
        for source in ["style/main.css", "style/brand/face.css", "style/brand/brand.woff2"] {
            assert_eq!(file(&files, source).0, source);
        }
    }
}
