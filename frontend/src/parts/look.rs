//! The class of an element for our style sheets, and its part name for those of the page around it.

use leptos::attr::{Attribute, NextAttribute};
use leptos::tachys::renderer::types::Element;

/// `class` and `part` of one name: `<p {..look("lead")}>`.
///
/// It also avoids parsed markup, which the page's policy forbids: `view!` would use it for an element whose attributes and
/// children are all literals, and this attribute is not one.
pub fn look(name: &'static str) -> Look {
    Look(name)
}

/// An attribute that sets `class` and `part`, and never changes.
#[derive(Clone, Copy)]
pub struct Look(&'static str);

impl Attribute for Look {
    const MIN_LENGTH: usize = 0;

    type State = ();
    type AsyncOutput = Self;
    type Cloneable = Self;
    type CloneableOwned = Self;

    fn html_len(&self) -> usize {
        0
    }

    fn to_html(self, _: &mut String, class: &mut String, _: &mut String, _: &mut String) {
        class.push_str(self.0);
    }

    fn hydrate<const FROM_SERVER: bool>(self, element: &Element) {
        self.build(element);
    }

    fn build(self, element: &Element) {
        let _ = element.set_attribute("class", self.0);
        let _ = element.set_attribute("part", self.0);
    }

    fn rebuild(self, (): &mut ()) {}

    fn into_cloneable(self) -> Self {
        self
    }

    fn into_cloneable_owned(self) -> Self {
        self
    }

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }
}

impl NextAttribute for Look {
    type Output<A: Attribute> = (Self, A);

    fn add_any_attr<A: Attribute>(self, next: A) -> (Self, A) {
        (self, next)
    }
}
