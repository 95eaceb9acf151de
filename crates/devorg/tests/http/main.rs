//! The org over HTTP.

#[cfg(test)]
mod captcha;
#[cfg(test)]
mod dev_api;
#[cfg(test)]
mod devices;
#[cfg(test)]
mod fastpass;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod federation;
#[cfg(test)]
mod hosted_sign_in;
#[cfg(test)]
mod protocol;
#[cfg(test)]
mod test_org;
