//! The frame in which hCaptcha and reCAPTCHA run. It has an origin of its own, so that no vendor's script shares one with a
//! password, and it is the only page whose policy admits that script.

use http::HeaderValue;
use latchkey_idx::CaptchaType;
use url::Url;

/// The path of all addresses of the frame.
pub(crate) const PATH: &str = "/captcha/";

/// The frame as it is configured.
#[derive(Clone, Debug)]
pub struct CaptchaFrame {
    origin: String,
    host: String,
    script: Option<Url>,
    /// The origins of the pages that may embed the frame.
    holders: String,
}

/// A vendor whose script runs in the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CaptchaVendor {
    Hcaptcha,
    Recaptcha,
}

/// The sources that a vendor documents for a content security policy.
struct VendorSources {
    script: &'static str,
    frame: &'static str,
    connect: &'static str,
    image: &'static str,
}

impl CaptchaFrame {
    /// The frame at this origin. `script` replaces the vendor's own address, for its other hosts.
    pub fn new(origin: &Url, script: Option<Url>, public_url: &Url, allowed_origins: &[Url]) -> Self {
        let origin = origin.origin().ascii_serialization();
        let host = origin.split_once("://").map_or("", |(_, host)| host).to_owned();
        let holders = std::iter::once(public_url).chain(allowed_origins);
        let holders: Vec<_> = holders.map(|url| url.origin().ascii_serialization()).collect();
        Self { origin, host, script, holders: holders.join(" ") }
    }

    /// Whether a request for this host is for the frame.
    pub(crate) fn is_host(&self, host: &str) -> bool {
        host.eq_ignore_ascii_case(&self.host)
    }

    /// The address of the frame.
    pub(crate) fn address(&self, vendor: CaptchaVendor, site_key: &str) -> String {
        let query =
            url::form_urlencoded::Serializer::new(String::new()).append_pair("site_key", site_key).finish();
        format!("{}{PATH}{}?{query}", self.origin, vendor.name())
    }

    /// The page in the frame.
    pub(crate) fn page(&self, vendor: CaptchaVendor) -> String {
        let script = self.script.as_ref().map_or(vendor.script(), Url::as_str).replace('&', "&amp;");
        let (global, holders) = (vendor.global(), &self.holders);
        // A serialised URL holds no quotation mark.
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>CAPTCHA</title>\n\
             <div id=\"captcha\"></div>\n\
             <script type=\"module\" src=\"{PATH}frame.js\" data-script=\"{script}\" data-global=\"{global}\" \
             data-holders=\"{holders}\"></script>\n</html>\n"
        )
    }

    /// The policy of that page, the only one that admits a vendor's script.
    pub(crate) fn policy_of_frame(&self, vendor: CaptchaVendor) -> Option<HeaderValue> {
        let sources = vendor.sources();
        let own = self.script.as_ref().map(|url| url.origin().ascii_serialization()).unwrap_or_default();
        let VendorSources { script, frame, connect, image } = sources;
        let holders = &self.holders;
        let policy = format!(
            "default-src 'none'; script-src 'self' {script} {own}; frame-src {frame} {own}; \
             style-src 'unsafe-inline' {connect} {own}; connect-src {connect} {own}; img-src data: {image} {own}; \
             base-uri 'none'; form-action 'none'; frame-ancestors {holders}"
        );
        HeaderValue::try_from(policy.replace(" ;", ";")).ok()
    }

    /// The origin, for the policy of our own pages, which may embed the frame and nothing else.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }
}

impl CaptchaVendor {
    pub(crate) fn by_name(name: &str) -> Option<Self> {
        [Self::Hcaptcha, Self::Recaptcha].into_iter().find(|vendor| vendor.name() == name)
    }

    /// The vendor of a CAPTCHA, if one runs it.
    pub(crate) fn of(kind: &CaptchaType) -> Option<Self> {
        match kind {
            CaptchaType::Hcaptcha => Some(Self::Hcaptcha),
            CaptchaType::RecaptchaV2 => Some(Self::Recaptcha),
            CaptchaType::Altcha | CaptchaType::Other(_) => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Hcaptcha => "hcaptcha",
            Self::Recaptcha => "recaptcha",
        }
    }

    /// The name of its API in the page.
    fn global(self) -> &'static str {
        match self {
            Self::Hcaptcha => "hcaptcha",
            Self::Recaptcha => "grecaptcha",
        }
    }

    fn script(self) -> &'static str {
        match self {
            Self::Hcaptcha => "https://hcaptcha.com/1/api.js",
            Self::Recaptcha => "https://www.google.com/recaptcha/api.js",
        }
    }

    fn sources(self) -> VendorSources {
        match self {
            Self::Hcaptcha => VendorSources {
                script: "https://hcaptcha.com https://*.hcaptcha.com",
                frame: "https://hcaptcha.com https://*.hcaptcha.com",
                connect: "https://hcaptcha.com https://*.hcaptcha.com",
                image: "https://hcaptcha.com https://*.hcaptcha.com",
            },
            Self::Recaptcha => VendorSources {
                script: "https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/",
                frame: "https://www.google.com/recaptcha/ https://recaptcha.google.com/recaptcha/",
                connect: "https://www.google.com/recaptcha/",
                image: "https://www.gstatic.com/recaptcha/",
            },
        }
    }
}
