//! The crate as its users see it: flows against an org on a closure.

#[cfg(test)]
mod any_input;
#[cfg(test)]
mod context;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod id_token;
#[cfg(test)]
mod journeys;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod org;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod steps;
