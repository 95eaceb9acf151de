//! The style sheets as esbuild bundles them: one minified sheet, and the fonts and images that it names.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use latchkey_harness::temp::TempDir;
use latchkey_harness::{Context, Error, process};

use super::optimise;
use super::shipped::files_below;
use crate::workspace::Workspace;

/// The types of file that a sheet may name, as far as the server knows them.
const ASSET_LOADERS: [&str; 3] = ["--loader:.woff2=file", "--loader:.svg=file", "--loader:.png=file"];

/// A bundled sheet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bundle {
    /// It names its assets as `style/PATH`.
    pub(super) css: String,
    /// What it names: the path below the folder of the sheet, and the content.
    pub(super) assets: Vec<(String, Vec<u8>)>,
}

/// Bundles the sheet at `entry` with all its imports.
pub(super) fn bundle(workspace: &Workspace, entry: &Path) -> Result<Bundle, Error> {
    let out = TempDir::create("css")?;
    let entry_name = entry.file_name().map(PathBuf::from).unwrap_or_default();
    let folder = entry.with_file_name("");
    let mut command = Command::new(optimise::program(workspace, "esbuild")?);
    command.current_dir(&folder).arg(&entry_name).args([
        "--bundle",
        "--minify",
        "--outbase=.",
        "--log-level=warning",
        optimise::OLDEST_BROWSERS,
    ]);
    command
        .args(["--entry-names=[name]", "--asset-names=[dir]/[name]", "--public-path=style"])
        .args(ASSET_LOADERS);
    process::run(command.arg(format!("--outdir={}", out.path().display())))?;
    let (mut css, mut assets) = (String::new(), Vec::new());
    for path in files_below(out.path())? {
        let name = path.strip_prefix(out.path()).unwrap_or(&path);
        let bytes = fs::read(&path).context(format_args!("Cannot read {}", path.display()))?;
        if *name == entry_name {
            css = String::from_utf8_lossy(&bytes).trim_end().to_owned();
        } else {
            assets.push((name.to_string_lossy().into_owned(), bytes));
        }
    }
    Ok(Bundle { css, assets })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::npm;

    fn bundled(sheets: &[(&str, &str)]) -> Bundle {
        let workspace = Workspace::find().unwrap();
        npm::packages(&workspace).unwrap();
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in sheets {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        bundle(&workspace, &folder.path().join("main.css")).unwrap()
    }

    #[test]
    fn an_import_is_in_its_layer_and_comments_are_removed() {
        let main = "@layer a, b;\n@import \"a.css\" layer(a);\np { top: 0 }";
        let bundle = bundled(&[("main.css", main), ("a.css", "/* a */ q { left: 0; }")]);
        assert_eq!(bundle.css, "@layer a,b;@layer a{q{left:0}}p{top:0}");
        assert_eq!(bundle.assets, []);
    }

    #[test]
    fn an_escaped_quote_in_a_string_does_not_end_it() {
        let sheet = "q::before { content: \"\\\"\"; } /* gone */ p::after { content: \"a  ;  /* b */\"; }";
        let css = bundled(&[("main.css", sheet)]).css;
        assert!(css.contains("\"a  ;  /* b */\"") && !css.contains("gone"), "{css}");
        assert!(css.contains("'\"'") || css.contains("\"\\\"\""), "{css}");
    }

    #[test]
    fn a_mask_is_prefixed_for_the_oldest_browsers_and_an_empty_switch_stays_empty() {
        let css = bundled(&[("main.css", "p { mask: url(\"data:,a\"); --dark: ; }")]).css;
        assert!(css.contains("-webkit-mask:"), "{css}");
        assert!(css.contains("--dark: }") || css.contains("--dark: ;"), "{css}");
    }

    #[test]
    fn a_font_that_a_sheet_names_is_shipped() {
        let sheet = "@font-face { font-family: Brand; src: url(fonts/brand.woff2); }";
        let bundle = bundled(&[
            ("main.css", "@import \"brand/face.css\";"),
            ("brand/face.css", sheet),
            ("brand/fonts/brand.woff2", "wOF2"),
        ]);
        assert!(bundle.css.contains("style/brand/fonts/brand.woff2"), "{}", bundle.css);
        assert_eq!(bundle.assets, [("brand/fonts/brand.woff2".to_owned(), b"wOF2".to_vec())]);
    }
}
