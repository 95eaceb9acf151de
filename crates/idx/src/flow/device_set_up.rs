//! Setting Okta Verify up on the device that the browser runs on, or having that device managed.

use crate::protocol::document::Document;
use crate::protocol::ion::Ion;

/// How Okta Verify is set up on this device where no link opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceSetUp {
    /// In the app itself, with the address of the org.
    WithAddress {
        /// The address to add an account with.
        org: String,
        /// Where Okta Verify can be downloaded.
        download_href: Option<String>,
    },
    /// From a device of the person that has the account.
    FromDevices(String),
}

/// What the org demands of this device before a person signs in on it. It ends the flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceEnrollment {
    /// The device has to be managed.
    Managed {
        /// Who manages devices for the org.
        vendor: Option<String>,
        /// Where a device is enrolled.
        link: Option<String>,
    },
    /// Okta Verify has to be set up on the device, with this address of the org.
    Registered(String),
}

impl DeviceSetUp {
    pub(crate) fn read(context: Ion<'_>) -> Option<Self> {
        if let Some(here) = context.get("samedevice") {
            return Some(Self::WithAddress {
                org: text(here, "orgUrl")?,
                download_href: text(here, "downloadHref"),
            });
        }
        let devices = context.get("devicebootstrap")?.get("enrolledDevices")?;
        let one = devices.as_text().map(str::to_owned);
        let names = || devices.items().filter_map(Ion::as_text).collect::<Vec<_>>().join(", ");
        Some(Self::FromDevices(one.unwrap_or_else(names)))
    }
}

/// The address that opens Okta Verify to set it up on this device, and where it can be downloaded.
pub(crate) fn set_up_link(context: Ion<'_>) -> Option<(String, Option<String>)> {
    let here = ["samedevice", "devicebootstrap"].into_iter().find_map(|channel| context.get(channel))?;
    Some((text(here, "setupOVUrl")?, text(here, "downloadHref")))
}

impl DeviceEnrollment {
    pub(crate) fn read(document: &Document) -> Option<Self> {
        let enrollment = document.container("deviceEnrollment")?;
        match text(enrollment, "signInUrl") {
            Some(address) if enrollment.text("name") == Some("oda") => Some(Self::Registered(address)),
            _ => Some(Self::Managed {
                vendor: text(enrollment, "vendor"),
                link: text(enrollment, "enrollmentLink"),
            }),
        }
    }
}

fn text(object: Ion<'_>, name: &str) -> Option<String> {
    object.text(name).map(str::to_owned)
}
