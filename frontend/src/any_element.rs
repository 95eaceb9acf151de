//! `AnyElement`: an element whose type is erased, as `AnyView` erases a view's, without the code that patches.
//!
//! A typed view compiles a build, a rebuild, a mount and an unmount for its shape. Screens here are replaced and never
//! patched, so one build for each shape is enough: that keeps 14 KB from the download. It implements the public traits of
//! `tachys`, so it goes wherever a view goes: into `view!`, a closure, a `Vec` or another crate's component.

use leptos::attr::Attribute;
use leptos::attr::any_attribute::{AnyAttribute, IntoAnyAttribute};
use leptos::children::ToChildren;
use leptos::html::{ElementType, HtmlElement};
use leptos::prelude::View;
use leptos::prelude::{AddAnyAttr, Mountable, Render, RenderHtml};
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::types::{Element, Node};
use leptos::tachys::view::{Position, PositionState};
use send_wrapper::SendWrapper;
use std::any::Any;

/// A built element, with the state of everything in it.
pub struct AnyElement(SendWrapper<Built>);

struct Built {
    element: Element,
    /// What the element's attributes and children need while it is mounted: listeners, render effects.
    state: Vec<Box<dyn Any>>,
}

/// Erases the type of an element.
pub trait IntoAnyElement {
    /// Builds the element and erases its type.
    fn into_any_element(self) -> AnyElement;
}

impl<E, At, Ch> IntoAnyElement for View<HtmlElement<E, At, Ch>>
where
    E: ElementType,
    At: Attribute,
    Ch: Render,
    At::State: 'static,
    Ch::State: 'static,
{
    fn into_any_element(self) -> AnyElement {
        let state = Render::build(self.into_inner());
        AnyElement::new((*state).clone(), Box::new(state))
    }
}

impl AnyElement {
    fn new(element: Element, state: Box<dyn Any>) -> Self {
        Self(SendWrapper::new(Built { element, state: vec![state] }))
    }
}

impl Render for AnyElement {
    type State = Self;

    fn build(self) -> Self {
        self
    }

    /// Replaces the element: nothing of the previous one remains.
    fn rebuild(mut self, state: &mut Self) {
        state.insert_before_this(&mut self);
        state.unmount();
        *state = self;
    }
}

impl Mountable for AnyElement {
    fn unmount(&mut self) {
        self.0.element.remove();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        let _ = parent.insert_before(&self.0.element, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let parent = self.0.element.parent_element();
        parent.inspect(|parent| child.mount(parent, Some(&self.0.element))).is_some()
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.0.element.clone()]
    }
}

impl AddAnyAttr for AnyElement {
    type Output<A: Attribute> = Self;

    /// Sets the attribute at once, since the element is built.
    fn add_any_attr<A: Attribute>(mut self, attr: A) -> Self {
        let state = attr.into_any_attr().build(&self.0.element);
        self.0.state.push(Box::new(state));
        self
    }
}

/// The client renders in the browser only: on a server an element is empty, and there is no hydration.
impl RenderHtml for AnyElement {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Self {
        self
    }

    fn into_owned(self) -> Self {
        self
    }
}

/// A component's children as elements: `Children` for components whose children are elements.
pub(crate) struct Elements(Box<dyn FnOnce() -> Vec<AnyElement> + Send>);

impl Elements {
    /// Builds them.
    pub(crate) fn build(self) -> Vec<AnyElement> {
        (self.0)()
    }
}

impl<F, C> ToChildren<F> for Elements
where
    F: FnOnce() -> C + Send + 'static,
    C: IntoElements,
{
    fn to_children(children: F) -> Self {
        Self(Box::new(move || {
            let mut elements = Vec::new();
            children().into_elements(&mut elements);
            elements
        }))
    }
}

/// A value that becomes elements, or none. Text and reactive closures do not: put them into an element.
pub(crate) trait IntoElements {
    fn into_elements(self, elements: &mut Vec<AnyElement>);
}

impl IntoElements for AnyElement {
    fn into_elements(self, elements: &mut Vec<AnyElement>) {
        elements.push(self);
    }
}

impl IntoElements for Option<AnyElement> {
    fn into_elements(self, elements: &mut Vec<AnyElement>) {
        elements.extend(self);
    }
}

impl IntoElements for Vec<AnyElement> {
    fn into_elements(self, elements: &mut Vec<AnyElement>) {
        elements.extend(self);
    }
}

impl<T: IntoElements> IntoElements for View<T> {
    fn into_elements(self, elements: &mut Vec<AnyElement>) {
        self.into_inner().into_elements(elements);
    }
}

macro_rules! tuples_into_elements {
    ($($($part:ident)*;)*) => {$(
        impl<$($part: IntoElements),*> IntoElements for ($($part,)*) {
            #[expect(non_snake_case, reason = "a part is called what its type is")]
            fn into_elements(self, elements: &mut Vec<AnyElement>) {
                let ($($part,)*) = self;
                $($part.into_elements(elements);)*
            }
        }
    )*};
}

tuples_into_elements! {
    A B;
    A B C;
    A B C D;
    A B C D E;
}
