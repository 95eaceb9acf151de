//! The page of the client program, as it was last drawn: with the brand, with the first form, and compressed.

use super::first_form::FirstForm;
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use std::{
    io::Write,
    sync::{Arc, PoisonError, RwLock},
};

/// The first form as the org last sent it to this server, and the page that was drawn with it.
#[derive(Debug, Default)]
pub struct FirstPage(RwLock<Latest>);

#[derive(Debug, Default)]
struct Latest {
    form: FirstForm,
    drawn: Option<Arc<DrawnPage>>,
}

/// The page as it is sent.
#[derive(Debug)]
pub(super) struct DrawnPage {
    /// What it was drawn from.
    built: String,
    /// Its text.
    pub(super) plain: Bytes,
    /// The same, compressed.
    pub(super) gzip: Bytes,
}

impl FirstPage {
    /// Remembers the first form.
    pub(super) fn note(&self, form: FirstForm) {
        // Most forms are the same as before.
        if self.0.read().unwrap_or_else(PoisonError::into_inner).form == form {
            return;
        }
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Latest { form, drawn: None };
    }

    /// The page with the first form, drawn from the page as it was built. It is drawn once for each form.
    pub(super) fn page(&self, built: String, brand: impl FnOnce(&str) -> String) -> Arc<DrawnPage> {
        let form = {
            let latest = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(drawn) = latest.drawn.as_ref().filter(|drawn| drawn.built == built) {
                return drawn.clone();
            }
            latest.form.clone()
        };
        let plain = brand(&form.draw(&built));
        let drawn = Arc::new(DrawnPage { gzip: gzip(plain.as_bytes()), plain: plain.into(), built });
        let mut latest = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if latest.form == form {
            latest.drawn = Some(drawn.clone());
        }
        drawn
    }
}

fn gzip(page: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail.
    let _ = encoder.write_all(page);
    encoder.finish().unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::{FirstForm, FirstPage};
    use flate2::read::GzDecoder;
    use latchkey_contract::{Feature, Input, Status, Step, Transaction};
    use std::io::Read;

    const BUILT: &str = "name{{#password}} password{{/password}}{{#links}} links{{/links}}";

    fn form(names: &[&str], enabled_features: Vec<Feature>) -> FirstForm {
        let inputs = names.iter().map(|name| Input { name: (*name).to_owned(), ..Input::default() });
        FirstForm::of(&Transaction {
            status: Status::Pending,
            next_step: Some(Step {
                name: "identify".to_owned(),
                inputs: inputs.collect(),
                ..Step::default()
            }),
            enabled_features,
            ..Transaction::default()
        })
    }

    fn unpacked(page: &FirstPage) -> String {
        let drawn = page.page(BUILT.to_owned(), |page| format!("ACME {page}"));
        let mut text = String::new();
        GzDecoder::new(drawn.gzip.as_ref()).read_to_string(&mut text).unwrap();
        assert_eq!(text.as_bytes(), drawn.plain);
        text
    }

    #[test]
    fn the_page_follows_the_form_that_the_org_last_sent() {
        let page = FirstPage::default();
        assert_eq!(unpacked(&page), "ACME name");
        page.note(form(&["username", "password"], Vec::new()));
        assert_eq!(unpacked(&page), "ACME name password");
        page.note(form(&["username"], vec![Feature::EnrollProfile]));
        assert_eq!(unpacked(&page), "ACME name links");
    }

    #[test]
    fn an_equal_form_does_not_draw_the_page_again() {
        let page = FirstPage::default();
        page.note(form(&["username", "password"], Vec::new()));
        unpacked(&page);
        page.note(form(&["username", "password"], Vec::new()));
        page.page(BUILT.to_owned(), |_| panic!("drawn again"));
    }
}
