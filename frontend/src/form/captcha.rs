//! The control that makes the token of a CAPTCHA: by a proof of work, or in the frame of a vendor.

use super::form_state::FormState;
use crate::altcha;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::api::captcha::task;
use crate::browser::schedule::TaskQueue;
use crate::browser::{captcha_frame, early_form, now, to_base64};
use crate::flow::field::Field;
use crate::parts::button::QuietButton;
use crate::parts::look::look;
use crate::text::Phrase;
use latchkey_altcha::{Search, SearchState};
use latchkey_contract::AltchaTask;
use leptos::html::Iframe;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// The state of the token.
#[derive(Clone, Debug, PartialEq, Eq)]
enum CaptchaState {
    /// The page computes it, or asks the server how to get it.
    Working,
    /// The form can be sent with it.
    Ready,
    /// The attempt failed; another one may succeed.
    Failed,
    /// The vendor issues it when the form is sent, in a frame with this address.
    Frame(String),
    /// There is no frame for the vendor, because this setting of the server is missing.
    Unset(String),
}

/// The result of an attempt.
enum Attempt {
    Token { token: String, expires_in: Option<u32> },
    Frame(String),
    Unset(String),
    Failed,
}

/// The control of one form. A token is valid once, so each reply of the org starts a new attempt.
#[derive(Clone, Copy)]
struct Captcha {
    form: FormState,
    token: RwSignal<String>,
    state: RwSignal<CaptchaState>,
    /// The number of attempts. An older attempt ends when a newer one starts.
    attempt: StoredValue<u32>,
    frame: NodeRef<Iframe>,
    /// Whether the frame has loaded and can receive messages.
    is_frame_loaded: StoredValue<bool>,
}

/// How long a slice of the search should take, in milliseconds. Keys and clicks are handled between slices.
const SLICE_MS: f64 = 16.0;
/// How many numbers the first slice tries. The next ones depend on the speed of the device.
const FIRST_SLICE: f64 = 1_024.0;
/// A new token is made this long before the old one expires.
const EXPIRY_MARGIN_SECONDS: u32 = 20;

/// Builds the control and starts the first attempt.
pub(super) fn captcha(field: &Field, form: FormState) -> AnyElement {
    let captcha = Captcha {
        form,
        token: form.value(&field.id(), ""),
        state: RwSignal::new(CaptchaState::Working),
        attempt: StoredValue::new(0),
        frame: NodeRef::new(),
        is_frame_loaded: StoredValue::new(false),
    };
    captcha.start();
    captcha.start_after_each_reply();
    captcha.answer_submission();
    captcha.listen_to_frame();
    captcha.view()
}

impl Captcha {
    /// Starts an attempt, which replaces the one before.
    fn start(self) {
        let attempt = self.attempt.try_update_value(|attempt| {
            *attempt += 1;
            *attempt
        });
        let Some(attempt) = attempt else { return };
        self.token.set(String::new());
        self.is_frame_loaded.set_value(false);
        self.state.set(CaptchaState::Working);
        spawn_local(async move {
            let outcome = self.make(attempt).await;
            if !self.is_current(attempt) {
                return;
            }
            match outcome {
                Attempt::Token { token, expires_in } => {
                    self.restart_before_expiry(attempt, expires_in);
                    self.take(token);
                }
                Attempt::Frame(address) => self.settle(CaptchaState::Frame(address)),
                Attempt::Unset(setting) => self.settle(CaptchaState::Unset(setting)),
                Attempt::Failed => self.settle(CaptchaState::Failed),
            }
        });
    }

    /// Whether the attempt is the latest and its form is still there.
    fn is_current(self, attempt: u32) -> bool {
        self.attempt.try_get_value() == Some(attempt)
    }

    async fn make(self, attempt: u32) -> Attempt {
        let task = task(self.form.flow.token()).await;
        match task.map(|task| (task.altcha, task.frame, task.missing_setting)) {
            Some((Some(work), _, _)) => self.search(work, attempt).await,
            Some((None, Some(address), _)) => Attempt::Frame(address),
            Some((None, None, Some(setting))) => Attempt::Unset(setting),
            Some((None, None, None)) | None => Attempt::Failed,
        }
    }

    /// Searches in slices that are short enough for smooth typing.
    async fn search(self, work: AltchaTask, attempt: u32) -> Attempt {
        let (Some(mut search), Some(tasks)) = (Search::new(&work), TaskQueue::new()) else {
            return Attempt::Failed;
        };
        let (begun, mut count) = (now(), FIRST_SLICE);
        loop {
            let slice_begun = now();
            match search.advance(count as u32) {
                SearchState::Found(number) => {
                    let (expires_in, took) = (work.expires_in, now() - begun);
                    let token = to_base64(&altcha::solution(work, number, took as u32));
                    return token.map_or(Attempt::Failed, |token| Attempt::Token { token, expires_in });
                }
                SearchState::Exhausted => return Attempt::Failed,
                SearchState::Searching => {}
            }
            // A clock with coarse steps may say that a slice took no time, and a pause of the device that it took long.
            count *= (SLICE_MS / (now() - slice_begun)).clamp(0.5, 2.0);
            tasks.next().await;
            if !self.is_current(attempt) {
                return Attempt::Failed;
            }
        }
    }

    /// Keeps the token, and sends the form if the person has pressed its button.
    fn take(self, token: String) {
        self.token.set(token);
        self.settle(CaptchaState::Ready);
    }

    /// Ends an attempt. A waiting form is sent with the token; if the attempt failed, the form can be used again.
    fn settle(self, state: CaptchaState) {
        let is_ready = state == CaptchaState::Ready;
        let is_frame = matches!(state, CaptchaState::Frame(_));
        self.state.set(state);
        if self.form.is_pending_untracked() && !is_frame {
            self.form.set_pending(false);
            if is_ready {
                early_form::press(early_form::SUBMIT);
            }
        }
    }

    fn restart_before_expiry(self, attempt: u32, expires_in: Option<u32>) {
        let Some(seconds) = expires_in else { return };
        let restart = move || {
            if self.is_current(attempt) {
                self.start();
            }
        };
        let lead = EXPIRY_MARGIN_SECONDS.min(seconds / 2);
        set_timeout(restart, Duration::from_secs((seconds - lead).into()));
    }

    fn start_after_each_reply(self) {
        let flow = self.form.flow;
        let screen = flow.screen_id.get_untracked();
        Effect::new(move |before: Option<u32>| {
            let replies = flow.replies();
            // The form that follows has a control of its own.
            if before.is_some_and(|before| before != replies) && flow.screen_id.get_untracked() == screen {
                untrack(|| self.start());
            }
            replies
        });
    }

    /// Acts on the press of the form's button, by the state of the token.
    fn answer_submission(self) {
        Effect::new(move || {
            if !self.form.is_pending() {
                return;
            }
            untrack(|| match self.state.get() {
                CaptchaState::Working => {}
                CaptchaState::Failed => self.start(),
                CaptchaState::Ready | CaptchaState::Unset(_) => self.form.set_pending(false),
                CaptchaState::Frame(_) => self.ask_frame(),
            });
        });
    }

    /// Asks for a token, if the frame has loaded. Otherwise it is asked when it has.
    fn ask_frame(self) {
        if let Some(frame) = self.frame.get_untracked().filter(|_| self.is_frame_loaded.get_value()) {
            captcha_frame::ask(&frame);
        }
    }

    fn take_loaded_frame(self) {
        self.is_frame_loaded.set_value(true);
        if self.form.is_pending_untracked() {
            self.ask_frame();
        }
    }

    fn listen_to_frame(self) {
        let listener = captcha_frame::on_answer(
            move || self.frame.try_get_untracked().flatten(),
            move |token: String| {
                let is_token = !token.is_empty();
                if is_token && self.form.is_pending_untracked() {
                    self.token.set(token);
                    self.form.set_pending(false);
                    early_form::press(early_form::SUBMIT);
                } else {
                    // The person closed the challenge, or it failed: nothing is sent.
                    self.form.set_pending(false);
                }
            },
        );
        on_cleanup(move || listener.remove());
    }

    fn view(self) -> AnyElement {
        let text = self.form.flow.text;
        let status = move || match self.state.get() {
            CaptchaState::Working => text.phrase(Phrase::CaptchaWorking),
            CaptchaState::Ready => text.phrase(Phrase::CaptchaReady),
            CaptchaState::Failed => text.phrase(Phrase::CaptchaFailed),
            CaptchaState::Unset(setting) => text.phrase_with(Phrase::CaptchaUnset, &setting),
            CaptchaState::Frame(_) => String::new(),
        };
        let retry = move || {
            let is_failed = self.state.get() == CaptchaState::Failed;
            is_failed.then(|| {
                view! { <QuietButton label=text.phrase(Phrase::TryAgain) on_press=move || self.start()/> }
                    .into_inner()
            })
        };
        view! {
            <div {..look("captcha")}>
                <p {..look("captcha__status")} role="status">{status}</p>
                {move || self.frame_view()}
                {retry}
            </div>
        }
        .into_any_element()
    }

    /// The frame, which is visible from the press of the form's button until the vendor's answer.
    fn frame_view(self) -> Option<AnyElement> {
        let CaptchaState::Frame(address) = self.state.get() else { return None };
        let text = self.form.flow.text;
        let form = self.form;
        let cancel = move || {
            form.is_pending().then(|| {
                let stop = move || form.set_pending(false);
                view! { <QuietButton label=text.phrase(Phrase::Cancel) on_press=stop/> }.into_inner()
            })
        };
        let element = view! {
            <div {..look("captcha__frame")} data-open=move || form.is_pending().then_some("")>
                <iframe
                    node_ref=self.frame
                    src=address
                    title=text.phrase(Phrase::CaptchaFrame)
                    on:load=move |_| self.take_loaded_frame()
                ></iframe>
                {cancel}
            </div>
        };
        Some(element.into_any_element())
    }
}
