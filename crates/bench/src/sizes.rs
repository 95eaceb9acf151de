//! The files that the browser downloads for the sign-in page, with their sizes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use latchkey_harness::{Context, Error};

/// The most bytes of all files with brotli.
const MAX_BROTLI: usize = 108_000;

/// The sizes of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct FileSize {
    name: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Prints the table; true if the sum is within its bound.
pub(crate) fn measure(client: &Path) -> Result<bool, Error> {
    let mut files = Vec::new();
    for name in downloaded_at_first(client)? {
        files.push(file_size(client, &name)?);
    }
    files.sort_by_key(|file| std::cmp::Reverse(file.brotli));
    println!("{}", table(&files));
    Ok(total(&files).brotli <= MAX_BROTLI)
}

fn file_size(folder: &Path, name: &str) -> Result<FileSize, Error> {
    let length = |file: &str| fs::metadata(folder.join(file)).map(|file| file.len() as usize);
    let raw = length(name).context(format_args!("Cannot read {name}"))?;
    // A file that compression does not make smaller is sent as it is.
    let encoded = |extension: &str| length(&format!("{name}.{extension}")).unwrap_or(raw);
    Ok(FileSize { name: name.to_owned(), raw, gzip: encoded("gz"), brotli: encoded("br") })
}

/// The files that the sign-in page needs before it can be used: the page and all files that it names.
fn downloaded_at_first(folder: &Path) -> Result<Vec<String>, Error> {
    const PAGE: &str = "index.html";
    let page = folder.join(PAGE);
    let html = fs::read_to_string(&page).context(format_args!("Cannot read {}", page.display()))?;
    let named =
        html.split('"').filter_map(|word| word.strip_prefix('/')).filter(|name| folder.join(name).is_file());
    let names: BTreeSet<String> = named.map(str::to_owned).chain([PAGE.to_owned()]).collect();
    Ok(names.into_iter().collect())
}

fn total(files: &[FileSize]) -> FileSize {
    files.iter().fold(FileSize { name: "all".to_owned(), ..FileSize::default() }, |sum, file| FileSize {
        raw: sum.raw + file.raw,
        gzip: sum.gzip + file.gzip,
        brotli: sum.brotli + file.brotli,
        ..sum
    })
}

fn table(files: &[FileSize]) -> String {
    let line =
        |file: &FileSize| format!("{:<48} {:>9} {:>9} {:>9}\n", file.name, file.raw, file.gzip, file.brotli);
    let mut table = format!("\n{:<48} {:>9} {:>9} {:>9}\n", "sign-in page, bytes", "raw", "gzip", "brotli");
    table.extend(files.iter().map(line));
    let total = total(files);
    table.push_str(&line(&total));
    let verdict = if total.brotli <= MAX_BROTLI { "within" } else { "OVER" };
    table.push_str(&format!("{:<48} {:>9} {:>9} {MAX_BROTLI:>9}  {verdict}", "bound", "", ""));
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, brotli: usize) -> FileSize {
        FileSize { name: name.to_owned(), raw: brotli * 4, gzip: brotli * 2, brotli }
    }

    #[test]
    fn the_table_ends_with_the_sum_and_its_bound() {
        let table = table(&[file("a.wasm", 60_000), file("a.js", 5_000)]);
        assert!(table.lines().any(|line| line.starts_with("all") && line.ends_with("65000")));
        assert!(table.ends_with(&format!("{MAX_BROTLI}  within")));
    }

    #[test]
    fn a_page_over_its_bound_is_marked() {
        assert!(table(&[file("a.wasm", MAX_BROTLI + 1)]).ends_with("OVER"));
    }
}
