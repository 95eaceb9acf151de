//! Elements: made, filled, kept up to date and listened to, node by node. No markup is ever parsed, so Trusted Types allow
//! none; and there is one kind of view, so that a screen more costs a few hundred bytes and not a few thousand.

use js_sys::Reflect;
use leptos::prelude::*;
use reactive::Kept;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, KeyboardEvent, Node};

/// An element of the page.
#[derive(Clone)]
pub(crate) struct Tag(Element);

/// A new element, in no place yet.
pub(crate) fn tag(name: &str) -> Tag {
    #[expect(clippy::expect_used, reason = "names are ours, and a browser makes every name that is one")]
    Tag(document().create_element(name).expect("a tag's name"))
}

impl From<Element> for Tag {
    fn from(element: Element) -> Self {
        Self(element)
    }
}

impl Tag {
    /// Says how it looks: to our sheets, and as a part to those of a page around us.
    pub(crate) fn class(self, name: &str) -> Self {
        self.set("class", name).set("part", name)
    }

    /// Sets an attribute.
    pub(crate) fn set(self, name: &str, value: &str) -> Self {
        let _ = self.0.set_attribute(name, value);
        self
    }

    /// Adds words.
    pub(crate) fn text(self, words: &str) -> Self {
        let node: Node = document().create_text_node(words).unchecked_into();
        let _ = self.0.append_child(&node);
        self
    }

    /// Adds an element.
    pub(crate) fn child(self, inside: Self) -> Self {
        let _ = self.0.append_child(&inside.0);
        self
    }

    /// Adds elements; none is fine.
    pub(crate) fn children(self, inside: impl IntoIterator<Item = Self>) -> Self {
        inside.into_iter().fold(self, Self::child)
    }

    /// Puts elements in the place of all that is inside.
    pub(crate) fn replace(&self, inside: Vec<Self>) {
        self.0.set_text_content(None);
        for child in inside {
            let _ = self.0.append_child(&child.0);
        }
    }

    /// Keeps its words up to date.
    pub(crate) fn says(self, words: impl Fn() -> String + 'static) -> Self {
        self.keep(Box::new(words), |tag, words| {
            // What is there already would be read out again.
            if tag.0.text_content().as_ref() != Some(&words) {
                tag.0.set_text_content(Some(&words));
            }
        })
    }

    /// Keeps an attribute up to date.
    pub(crate) fn keeps(self, name: &'static str, value: impl Fn() -> String + 'static) -> Self {
        let what = Box::new(move || (name, value()));
        self.keep(what, |tag, (name, value)| {
            let _ = tag.0.set_attribute(name, &value);
        })
    }

    /// Keeps what is inside up to date.
    pub(crate) fn shows(self, inside: impl Fn() -> Vec<Self> + 'static) -> Self {
        self.keep(Box::new(inside), |tag, inside| tag.replace(inside))
    }

    /// Is what the cell holds, and the cell what is typed or picked here.
    pub(crate) fn holds(self, cell: RwSignal<String>) -> Self {
        let holding = self.keep(Box::new(move || cell.get()), |tag, value| {
            // Setting what is there already would move the caret.
            if property(&tag.0, "value").as_string().as_ref() != Some(&value) {
                let _ = Reflect::set(&tag.0, &"value".into(), &value.into());
            }
        });
        holding.on_input(move |value| cell.set(value))
    }

    /// Is ticked while `ticked` says so.
    pub(crate) fn ticks(self, ticked: impl Fn() -> bool + 'static) -> Self {
        self.keep(Box::new(ticked), |tag, ticked| {
            let _ = Reflect::set(&tag.0, &"checked".into(), &ticked.into());
        })
    }

    /// Hears what is typed or picked.
    pub(crate) fn on_input(self, take: impl Fn(String) + 'static) -> Self {
        self.hear("input", Box::new(take), |event| target(event, "value").as_string())
    }

    /// Hears that it is ticked or not.
    pub(crate) fn on_tick(self, take: impl Fn(bool) + 'static) -> Self {
        self.hear("change", Box::new(take), |event| Some(target(event, "checked").is_truthy()))
    }

    pub(crate) fn on_click(self, act: impl Fn() + 'static) -> Self {
        self.hears("click", act)
    }

    /// Acts whenever `event` happens here.
    pub(super) fn hears(self, event: &str, act: impl Fn() + 'static) -> Self {
        self.on(event, Box::new(move |_| act()))
    }

    /// Hears that the form is sent, and sends it nowhere by itself.
    pub(crate) fn on_submit(self, act: impl Fn() + 'static) -> Self {
        self.instead("submit", act)
    }

    /// Acts in the place of what a browser would do.
    pub(crate) fn instead(self, event: &str, act: impl Fn() + 'static) -> Self {
        self.on(
            event,
            Box::new(move |event| {
                event.prevent_default();
                act();
            }),
        )
    }

    /// Hears, with each key, whether capitals are locked.
    pub(crate) fn on_capitals(self, take: impl Fn(bool) + 'static) -> Self {
        // A password manager fills a field with a key event that is none.
        let locked = |event: &Event| Some(event.dyn_ref::<KeyboardEvent>()?.get_modifier_state("CapsLock"));
        self.hear("keydown", Box::new(take), locked)
    }

    /// Puts on it what changes. One for each kind of thing, and not for each place: closures that differ share all of it.
    fn keep<T: 'static>(self, what: Box<dyn Fn() -> T>, put: fn(&Self, T)) -> Self {
        let tag = self.clone();
        keep_up(Box::new(move || put(&tag, what())));
        self
    }

    fn hear<T: 'static>(self, name: &str, take: Box<dyn Fn(T)>, read: fn(&Event) -> Option<T>) -> Self {
        self.on(name, Box::new(move |event| read(&event).into_iter().for_each(&take)))
    }

    fn on(self, name: &str, hear: Box<dyn Fn(Event)>) -> Self {
        let hear = Closure::<dyn Fn(Event)>::wrap(hear);
        let _ = self.0.add_event_listener_with_callback(name, hear.as_ref().unchecked_ref());
        // It lives as long as the screen that made it.
        Kept::until_cleanup(Kept::Ear(hear));
        self
    }
}

fn target(event: &Event, name: &str) -> JsValue {
    event.target().map_or(JsValue::UNDEFINED, |target| property(&target, name))
}

pub(super) fn property(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Runs `act` now, and again whenever a signal that it read has changed, until the screen is gone.
pub(crate) fn keep_up(act: Box<dyn Fn()>) {
    Kept::until_cleanup(Kept::Effect(RenderEffect::new(move |_| act())));
}

mod reactive {
    //! What has to live as long as the screen it belongs to.

    use super::{Closure, Event, LocalStorage, RenderEffect, StoredValue};

    #[expect(dead_code, reason = "it is kept for what its end does")]
    pub(super) enum Kept {
        Effect(RenderEffect<()>),
        Ear(Closure<dyn Fn(Event)>),
    }

    impl Kept {
        /// The owner of the moment keeps it, and drops it when the screen goes.
        pub(super) fn until_cleanup(self) {
            StoredValue::<Self, LocalStorage>::new_local(self);
        }
    }
}
