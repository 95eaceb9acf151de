//! The person that an answer targets: every guess counts against that person, at every step.

use super::answer_check;
use crate::{
    abuse::identifier::Identifier, abuse::known_device, abuse::rate_limit::RateKey, app::App, http::ApiError,
    http::ClientContext, session::CurrentFlow,
};
use latchkey_contract::Values;
use latchkey_idx::Flow;
use std::time::SystemTime;

/// The most persons named in one flow by answers to other steps. Pages do not do that.
const MAX_PEOPLE: usize = 4;

/// The persons that an answer is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct GuessTarget {
    /// The persons for whom it counts as an attempt.
    counted: Vec<Identifier>,
    /// The persons that the flow may be about from now on, if they change.
    people: Option<Vec<Identifier>>,
}

impl GuessTarget {
    /// Of an answer that begins a flow.
    pub(super) fn of_beginning(app: &App, values: &Values) -> Result<Self, ApiError> {
        Self::new(named(app, values), answer_check::is_guess(values), NextStep::AsksForUsername, &[])
    }

    /// Of an answer to a flow in progress.
    pub(super) fn of_answer(app: &App, values: &Values, current: &CurrentFlow) -> Result<Self, ApiError> {
        let next = NextStep::of(current.flow()?);
        Self::new(named(app, values), answer_check::is_guess(values), next, current.people())
    }

    /// Of a code in a callback.
    pub(super) fn of_code(current: &CurrentFlow) -> Self {
        Self { counted: current.people().to_vec(), people: None }
    }

    /// If the step asks for a name, the answer is about that person alone. Any other name is counted too, and the guess still
    /// counts against the others: otherwise a new name in each answer would hide the target.
    fn new(
        named: Option<Identifier>,
        is_guess: bool,
        next: NextStep,
        people: &[Identifier],
    ) -> Result<Self, ApiError> {
        let guessed_at = if is_guess { people } else { &[] };
        let Some(named) = named else { return Ok(Self { counted: guessed_at.to_vec(), people: None }) };
        if next == NextStep::AsksForUsername {
            return Ok(Self { counted: vec![named.clone()], people: Some(vec![named]) });
        }
        let with = |others: &[Identifier]| {
            let others = others.iter().filter(|other| **other != named);
            others.chain([&named]).cloned().collect::<Vec<_>>()
        };
        let all = with(people);
        if all.len() > MAX_PEOPLE {
            return Err(ApiError::invalid("too many people were named in this flow: begin a new one"));
        }
        Ok(Self { counted: with(guessed_at), people: Some(all) })
    }

    /// Counts the attempt, from any address. Persons are not blocked on a device on which they have signed in before.
    pub(super) async fn count(
        &self,
        app: &App,
        client: &ClientContext,
        now: SystemTime,
    ) -> Result<(), ApiError> {
        for identifier in &self.counted {
            let counted = app.limits.take(RateKey::Identifier(identifier), now).await;
            let device = client.device.as_deref().filter(|_| counted.is_err());
            match device {
                Some(device) if known_device::is_known(&app.vault, device, identifier, now).await => {
                    app.limits.take(RateKey::IdentifierOnDevice(identifier, device), now).await?;
                }
                Some(_) | None => counted?,
            }
        }
        Ok(())
    }

    /// The persons that the flow may be about from now on, if they change.
    pub(super) fn into_people(self) -> Option<Vec<Identifier>> {
        self.people
    }
}

/// Whether the next step asks for the username.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NextStep {
    AsksForUsername,
    AsksForOther,
}

impl NextStep {
    fn of(flow: &Flow) -> Self {
        if answer_check::next_asks_for_username(flow) { Self::AsksForUsername } else { Self::AsksForOther }
    }
}

fn named(app: &App, values: &Values) -> Option<Identifier> {
    answer_check::username(values).map(|name| Identifier::new(name, app.login_domain.as_deref()))
}

#[cfg(test)]
mod tests {
    use super::{GuessTarget, MAX_PEOPLE, NextStep};
    use crate::abuse::identifier::Identifier;

    fn of(name: &str) -> Identifier {
        Identifier::new(name, None)
    }

    /// The counted persons, and those that the flow is about from then on.
    fn target(
        named: Option<&str>,
        is_guess: bool,
        next: NextStep,
        people: &[&str],
    ) -> Option<(Vec<Identifier>, Option<Vec<Identifier>>)> {
        let people: Vec<_> = people.iter().map(|name| of(name)).collect();
        let target = GuessTarget::new(named.map(of), is_guess, next, &people).ok()?;
        Some((target.counted, target.people))
    }

    #[test]
    fn sec_213_a_guess_counts_against_the_person_of_the_flow_whatever_name_comes_with_it() {
        use NextStep::{AsksForOther, AsksForUsername};
        let (mary, john) = (of("mary"), of("john"));
        let only = |person: &Identifier| Some((vec![person.clone()], Some(vec![person.clone()])));
        let both = vec![mary.clone(), john.clone()];
        for is_guess in [true, false] {
            assert_eq!(target(Some("john"), is_guess, AsksForUsername, &["mary"]), only(&john));
            assert_eq!(target(Some("john"), is_guess, AsksForOther, &[]), only(&john));
        }
        assert_eq!(
            target(Some("john"), true, AsksForOther, &["mary"]),
            Some((both.clone(), Some(both.clone())))
        );
        assert_eq!(target(Some("john"), false, AsksForOther, &["mary"]), Some((vec![john], Some(both))));
        assert_eq!(target(Some("mary"), true, AsksForOther, &["mary"]), only(&mary), "and once");
        for next in [AsksForUsername, AsksForOther] {
            assert_eq!(target(None, true, next, &["mary"]), Some((vec![mary.clone()], None)));
            assert_eq!(target(None, false, next, &["mary"]), Some((vec![], None)));
        }
    }

    #[test]
    fn sec_213_a_flow_is_about_few_people() {
        let people: Vec<String> = (0..MAX_PEOPLE).map(|number| number.to_string()).collect();
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        assert!(target(Some("another"), true, NextStep::AsksForOther, &people).is_none());
        assert!(target(Some("0"), true, NextStep::AsksForOther, &people).is_some());
        assert!(target(Some("another"), true, NextStep::AsksForUsername, &people).is_some());
    }
}
