//! Tests of the whole router with a dev org, both in this process.

#[cfg(test)]
mod access;
#[cfg(test)]
mod account;
#[cfg(test)]
mod addresses;
#[cfg(test)]
mod begin_options;
#[cfg(test)]
mod brands;
#[cfg(test)]
mod callbacks;
#[cfg(test)]
mod captcha;
#[cfg(test)]
mod command;
#[cfg(test)]
mod cookies;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod exchange;
#[cfg(test)]
mod fastpass;
#[cfg(test)]
mod first_form;
#[cfg(test)]
mod flows;
#[cfg(test)]
mod guards;
#[cfg(test)]
mod guesses;
#[cfg(test)]
mod guides;
#[cfg(test)]
mod half_sent;
#[cfg(test)]
mod interaction_code_off;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod killed;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod org_page;
#[cfg(test)]
mod privacy;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod server;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod upstreams;
#[cfg(test)]
mod vendors;
#[cfg(test)]
mod walk;
