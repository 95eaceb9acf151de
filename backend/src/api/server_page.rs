//! The server's own pages under `/login`: one frame with the head and the brand, around what each page has of its own.

use crate::brand::Brand;

/// The head, and the mark above the content.
const FRAME: &str = include_str!("../../../frontend/callback/frame.html");

/// What a page has of its own.
pub(super) struct ServerPage {
    pub(super) title: &'static str,
    /// The name of its script under `/login`.
    pub(super) script: &'static str,
    /// Its content.
    pub(super) main: &'static str,
}

impl ServerPage {
    /// The whole page, with the brand.
    pub(super) fn draw(&self, brand: &Brand) -> String {
        let own = [("%TITLE%", self.title), ("%SCRIPT%", self.script), ("%MAIN%", self.main)];
        brand.page(&own.iter().fold(FRAME.to_owned(), |page, (name, value)| page.replacen(name, value, 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brand::Brand;

    #[test]
    fn a_page_has_the_frame_around_its_content() {
        let page = ServerPage { title: "Duo", script: "duo.js", main: "<main>Duo</main>" };
        let drawn = page.draw(&Brand::default());
        for part in [
            "<title>Duo</title>",
            "src=\"/login/duo.js\"",
            "<link rel=\"icon\"",
            "</header>\n<main>Duo</main>",
        ] {
            assert!(drawn.contains(part), "{part}: {drawn}");
        }
        assert!(["%TITLE%", "%SCRIPT%", "%MAIN%"].iter().all(|left| !drawn.contains(left)), "{drawn}");
    }
}
