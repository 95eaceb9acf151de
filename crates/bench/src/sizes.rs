//! What the browser downloads for the sign-in page, file by file.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use latchkey_harness::{Context, Error};

/// What all of it may weigh with brotli.
const BUDGET: usize = 108_000;

/// A file in its three sizes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Sized {
    name: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Shows the table, and whether the sum is within the budget.
pub(crate) fn measure(client: &Path) -> Result<bool, Error> {
    let mut files = Vec::new();
    for name in downloaded_at_first(client)? {
        files.push(sized(client, &name)?);
    }
    files.sort_by_key(|file| std::cmp::Reverse(file.brotli));
    println!("{}", table(&files));
    Ok(total(&files).brotli <= BUDGET)
}

fn sized(folder: &Path, name: &str) -> Result<Sized, Error> {
    let length = |file: &str| fs::metadata(folder.join(file)).map(|file| file.len() as usize);
    let raw = length(name).context(format_args!("Cannot read {name}"))?;
    // A file that compression does not make smaller is sent as it is.
    let encoded = |extension: &str| length(&format!("{name}.{extension}")).unwrap_or(raw);
    Ok(Sized { name: name.to_owned(), raw, gzip: encoded("gz"), brotli: encoded("br") })
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

fn total(files: &[Sized]) -> Sized {
    files.iter().fold(Sized { name: "all".to_owned(), ..Sized::default() }, |sum, file| Sized {
        raw: sum.raw + file.raw,
        gzip: sum.gzip + file.gzip,
        brotli: sum.brotli + file.brotli,
        ..sum
    })
}

fn table(files: &[Sized]) -> String {
    let line =
        |file: &Sized| format!("{:<48} {:>9} {:>9} {:>9}\n", file.name, file.raw, file.gzip, file.brotli);
    let mut table = format!("\n{:<48} {:>9} {:>9} {:>9}\n", "sign-in page, bytes", "raw", "gzip", "brotli");
    table.extend(files.iter().map(line));
    let total = total(files);
    table.push_str(&line(&total));
    let verdict = if total.brotli <= BUDGET { "within" } else { "OVER" };
    table.push_str(&format!("{:<48} {:>9} {:>9} {BUDGET:>9}  {verdict}", "budget", "", ""));
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, brotli: usize) -> Sized {
        Sized { name: name.to_owned(), raw: brotli * 4, gzip: brotli * 2, brotli }
    }

    #[test]
    fn the_sum_stands_beside_the_budget() {
        let table = table(&[file("a.wasm", 60_000), file("a.js", 5_000)]);
        assert!(table.lines().any(|line| line.starts_with("all") && line.ends_with("65000")));
        assert!(table.ends_with(&format!("{BUDGET}  within")));
    }

    #[test]
    fn a_page_that_weighs_too_much_is_said_to() {
        assert!(table(&[file("a.wasm", BUDGET + 1)]).ends_with("OVER"));
    }
}
