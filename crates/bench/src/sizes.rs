//! The files that the browser downloads for the sign-in, in our own page and as an element, with their sizes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use latchkey_harness::{Context, Error};

/// The most bytes of all files with brotli, in our own page.
const MAX_PAGE_BROTLI: usize = 102_000;
/// The same for the element in another page.
const MAX_ELEMENT_BROTLI: usize = 105_100;

/// What is downloaded before a person can sign in.
struct Download {
    title: &'static str,
    files: Vec<FileSize>,
    max_brotli: usize,
}

/// The sizes of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct FileSize {
    name: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Prints the tables; true if both sums are within their bounds.
pub(crate) fn measure(client: &Path) -> Result<bool, Error> {
    let page = Download {
        title: "sign-in page, bytes",
        files: file_sizes(client, named_by_page(client)?)?,
        max_brotli: MAX_PAGE_BROTLI,
    };
    let element = Download {
        title: "element, bytes",
        files: file_sizes(client, named_by_element(client)?)?,
        max_brotli: MAX_ELEMENT_BROTLI,
    };
    println!("{}{}", page.table(), element.table());
    Ok(page.is_within() && element.is_within())
}

fn file_sizes(folder: &Path, names: BTreeSet<String>) -> Result<Vec<FileSize>, Error> {
    let mut files = names.iter().map(|name| file_size(folder, name)).collect::<Result<Vec<_>, _>>()?;
    files.sort_by_key(|file| std::cmp::Reverse(file.brotli));
    Ok(files)
}

fn file_size(folder: &Path, name: &str) -> Result<FileSize, Error> {
    let length = |file: &str| fs::metadata(folder.join(file)).map(|file| file.len() as usize);
    let raw = length(name).context(format_args!("Cannot read {name}"))?;
    // A file that compression does not make smaller is sent as it is.
    let encoded = |extension: &str| length(&format!("{name}.{extension}")).unwrap_or(raw);
    Ok(FileSize { name: name.to_owned(), raw, gzip: encoded("gz"), brotli: encoded("br") })
}

/// The page and all files that it names.
fn named_by_page(folder: &Path) -> Result<BTreeSet<String>, Error> {
    const PAGE: &str = "index.html";
    let html = text(folder, PAGE)?;
    let named =
        html.split('"').filter_map(|word| word.strip_prefix('/')).filter(|name| folder.join(name).is_file());
    Ok(named.map(str::to_owned).chain([PAGE.to_owned()]).collect())
}

/// The script of the element, the files that it names, and those that these import. What is imported on demand comes later.
fn named_by_element(folder: &Path) -> Result<BTreeSet<String>, Error> {
    const SCRIPT: &str = "latchkey.js";
    let mut files = BTreeSet::from([SCRIPT.to_owned()]);
    let own = text(folder, SCRIPT)?;
    for name in names_after(&own, |before| !before.ends_with("import(")) {
        if name.ends_with(".js") {
            files.extend(
                names_after(&text(folder, name)?, |before| before.ends_with("from")).map(str::to_owned),
            );
        }
        files.insert(name.to_owned());
    }
    Ok(files)
}

/// The files beside a script that it names, where what stands before the name is `fitting`.
fn names_after(script: &str, fitting: impl Fn(&str) -> bool) -> impl Iterator<Item = &str> {
    script.match_indices("\"./").filter_map(move |(start, quote)| {
        let (before, name) = (script.get(..start)?, script.get(start + quote.len()..)?);
        fitting(before.trim_end()).then(|| name.split('"').next()).flatten()
    })
}

fn text(folder: &Path, name: &str) -> Result<String, Error> {
    let path = folder.join(name);
    fs::read_to_string(&path).context(format_args!("Cannot read {}", path.display()))
}

impl Download {
    fn total(&self) -> FileSize {
        self.files.iter().fold(FileSize { name: "all".to_owned(), ..FileSize::default() }, |sum, file| {
            FileSize {
                raw: sum.raw + file.raw,
                gzip: sum.gzip + file.gzip,
                brotli: sum.brotli + file.brotli,
                ..sum
            }
        })
    }

    fn is_within(&self) -> bool {
        self.total().brotli <= self.max_brotli
    }

    fn table(&self) -> String {
        let line = |file: &FileSize| {
            format!("{:<48} {:>9} {:>9} {:>9}\n", file.name, file.raw, file.gzip, file.brotli)
        };
        let mut table = format!("\n{:<48} {:>9} {:>9} {:>9}\n", self.title, "raw", "gzip", "brotli");
        table.extend(self.files.iter().map(line));
        table.push_str(&line(&self.total()));
        let verdict = if self.is_within() { "within" } else { "OVER" };
        table.push_str(&format!("{:<48} {:>9} {:>9} {:>9}  {verdict}\n", "bound", "", "", self.max_brotli));
        table
    }
}

#[cfg(test)]
mod tests {
    use latchkey_harness::temp::TempDir;

    use super::*;

    fn download(sizes: &[(&str, usize)]) -> Download {
        let file = |(name, brotli): &(&str, usize)| FileSize {
            name: (*name).to_owned(),
            raw: brotli * 4,
            gzip: brotli * 2,
            brotli: *brotli,
        };
        Download { title: "page", files: sizes.iter().map(file).collect(), max_brotli: 70_000 }
    }

    #[test]
    fn the_table_ends_with_the_sum_and_its_bound() {
        let table = download(&[("a.wasm", 60_000), ("a.js", 5_000)]).table();
        assert!(table.lines().any(|line| line.starts_with("all") && line.ends_with("65000")));
        assert!(table.ends_with("70000  within\n"));
    }

    #[test]
    fn a_download_over_its_bound_is_marked() {
        assert!(download(&[("a.wasm", 70_001)]).table().ends_with("OVER\n"));
    }

    #[test]
    fn what_the_element_loads_on_demand_is_not_counted() {
        let folder = TempDir::create("element").unwrap();
        for (name, text) in [
            (
                "latchkey.js",
                "import{a}from\"./boot-1.js\";at(\"./main-2.css\");run(at(\"./app-3.js\"),at(\"./app-4.wasm\"));import(\"./later-5.js\")",
            ),
            ("boot-1.js", "import(\"./motion-6.js\");new URL(\"./late-7.css\",import.meta.url)"),
            ("app-3.js", "import{b}from\"./split-8.js\""),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let named: Vec<String> = named_by_element(folder.path()).unwrap().into_iter().collect();
        assert_eq!(named, ["app-3.js", "app-4.wasm", "boot-1.js", "latchkey.js", "main-2.css", "split-8.js"]);
    }
}
