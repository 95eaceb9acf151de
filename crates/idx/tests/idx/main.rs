//! The crate as its users see it: flows against an org that is a closure.

#[cfg(test)]
mod access;
#[cfg(test)]
mod any_input;
#[cfg(test)]
mod available_steps;
#[cfg(test)]
mod call_context;
#[cfg(test)]
mod captcha;
#[cfg(test)]
mod device_challenges;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod fake_org;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod flows;
#[cfg(test)]
mod http_transport;
#[cfg(test)]
mod id_token;
#[cfg(test)]
mod logout_notices;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod signing_keys;
#[cfg(test)]
mod steps;
#[cfg(test)]
mod stored_flow;
#[cfg(test)]
mod tower_layers;
#[cfg(test)]
mod vendors;
