//! Phone numbers: from national notation to E.164.

/// E.164 from the typed text: removes spaces, dashes, dots and brackets, and adds the calling code to a number without `+`.
/// Text that is no number is sent unchanged, so that the org refuses it.
pub(crate) fn international(country: &str, typed: &str) -> String {
    let bare: String =
        typed.chars().filter(|letter| !letter.is_whitespace() && !"-./()".contains(*letter)).collect();
    let (digits, is_international) = match bare.strip_prefix('+').or_else(|| bare.strip_prefix("00")) {
        Some(rest) => (rest, true),
        None => (bare.as_str(), false),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return typed.trim().to_owned();
    }
    match calling_code(country) {
        _ if is_international => format!("+{digits}"),
        Some(code) => format!("+{code}{}", national(code, digits)),
        None => format!("+{digits}"),
    }
}

/// A number without the trunk prefix, which is dialled within the country only. Mostly it is a zero.
fn national(code: &str, digits: &str) -> String {
    if code == ARGENTINA
        && let Some(mobile) = argentine_mobile(digits)
    {
        return mobile;
    }
    let mut rules = TRUNK_PREFIXES.iter().filter(|(own, _, _)| *own == code).peekable();
    let prefix = match rules.peek() {
        None => "0",
        Some(_) => rules
            .find(|(_, prefix, length)| digits.len() == *length && digits.starts_with(prefix))
            .map_or("", |(_, prefix, _)| *prefix),
    };
    digits.strip_prefix(prefix).unwrap_or(digits).to_owned()
}

/// Trunk prefixes that are not a zero, by calling code, with the length of a number that has them. Where the prefix is
/// empty there is none, and a leading zero is part of the number.
const TRUNK_PREFIXES: [(&str, &str, usize); 13] = [
    ("1", "1", 11),
    ("7", "8", 11),
    ("36", "06", 10),
    ("36", "06", 11),
    ("39", "", 0),
    ("225", "", 0),
    ("229", "", 0),
    ("241", "", 0),
    ("242", "", 0),
    ("375", "80", 11),
    ("375", "8", 10),
    ("378", "", 0),
    ("993", "8", 9),
];

const ARGENTINA: &str = "54";

/// Within Argentina a mobile number has 15 after its area code; from abroad it has 9 before it instead.
fn argentine_mobile(digits: &str) -> Option<String> {
    let digits = digits.strip_prefix('0').filter(|digits| digits.len() == 12)?;
    let areas = if digits.starts_with("11") { 2..=2 } else { 3..=4 };
    areas.into_iter().find_map(|length| {
        let (area, rest) = digits.split_at_checked(length)?;
        Some(format!("9{area}{}", rest.strip_prefix("15")?))
    })
}

/// A mobile number of a country, as it is written from abroad. Countries that share the calling code 1 write it like the guides.
pub(crate) fn example(country: &str) -> String {
    let code = calling_code(country).unwrap_or(NORTH_AMERICA);
    let digits = EXAMPLES.lines().find_map(|line| line.strip_prefix(country)).unwrap_or("555 666 7777");
    format!("+{code} {digits}")
}

const NORTH_AMERICA: &str = "1";

/// libphonenumber's example of a mobile number of each country, without its calling code.
const EXAMPLES: &str = include_str!("phone_examples.txt");

/// The calling code of a country.
fn calling_code(country: &str) -> Option<&'static str> {
    countries().find(|(code, _)| *code == country).map(|(_, prefix)| prefix)
}

/// Every country with its calling code.
pub(crate) fn countries() -> impl Iterator<Item = (&'static str, &'static str)> {
    COUNTRIES.split(' ').filter_map(|entry| entry.split_at_checked(2))
}

const COUNTRIES: &str = "AD376 AE971 AF93 AG1 AI1 AL355 AM374 AO244 AR54 AS1 AT43 AU61 AW297 AX358 AZ994 BA387 BB1 \
BD880 BE32 BF226 BG359 BH973 BI257 BJ229 BL590 BM1 BN673 BO591 BQ599 BR55 BS1 BT975 BW267 BY375 BZ501 CA1 CC61 CD243 \
CF236 CG242 CH41 CI225 CK682 CL56 CM237 CN86 CO57 CR506 CU53 CV238 CW599 CX61 CY357 CZ420 DE49 DJ253 DK45 DM1 DO1 \
DZ213 EC593 EE372 EG20 EH212 ER291 ES34 ET251 FI358 FJ679 FK500 FM691 FO298 FR33 GA241 GB44 GD1 GE995 GF594 GG44 \
GH233 GI350 GL299 GM220 GN224 GP590 GQ240 GR30 GT502 GU1 GW245 GY592 HK852 HN504 HR385 HT509 HU36 ID62 IE353 IL972 \
IM44 IN91 IQ964 IR98 IS354 IT39 JE44 JM1 JO962 JP81 KE254 KG996 KH855 KI686 KM269 KN1 KP850 KR82 KW965 KY1 KZ7 LA856 \
LB961 LC1 LI423 LK94 LR231 LS266 LT370 LU352 LV371 LY218 MA212 MC377 MD373 ME382 MF590 MG261 MH692 MK389 ML223 MM95 \
MN976 MO853 MP1 MQ596 MR222 MS1 MT356 MU230 MV960 MW265 MX52 MY60 MZ258 NA264 NC687 NE227 NF672 NG234 NI505 NL31 NO47 \
NP977 NR674 NU683 NZ64 OM968 PA507 PE51 PF689 PG675 PH63 PK92 PL48 PM508 PR1 PS970 PT351 PW680 PY595 QA974 RE262 RO40 \
RS381 RU7 RW250 SA966 SB677 SC248 SD249 SE46 SG65 SH290 SI386 SK421 SL232 SM378 SN221 SO252 SR597 SS211 ST239 SV503 \
SX1 SY963 SZ268 TC1 TD235 TG228 TH66 TJ992 TK690 TL670 TM993 TN216 TO676 TR90 TT1 TV688 TW886 TZ255 UA380 UG256 US1 \
UY598 UZ998 VA39 VC1 VE58 VG1 VI1 VN84 VU678 WF681 WS685 XK383 YE967 YT262 ZA27 ZM260 ZW263";

#[cfg(test)]
mod tests {
    use super::*;

    /// Set it to update the examples after libphonenumber has changed.
    const WRITE: &str = "WRITE_PHONES";

    #[test]
    fn the_advice_has_the_example_of_libphonenumber_for_each_country() {
        let of_country = |(region, code): (&str, &str)| {
            let id: phonenumber::country::Id = region.parse().unwrap();
            let descriptors = phonenumber::metadata::DATABASE.by_id(region).unwrap().descriptors();
            let all = [descriptors.mobile(), descriptors.fixed_line()].into_iter().flatten();
            let example = all.filter_map(|one| one.example()).next()?;
            let number = phonenumber::parse(Some(id), example).unwrap();
            let written = number.format().mode(phonenumber::Mode::International).to_string();
            Some(format!("{region}{}", written.strip_prefix(&format!("+{code} ")).unwrap()))
        };
        let made: Vec<String> =
            countries().filter(|(_, code)| *code != NORTH_AMERICA).filter_map(of_country).collect();
        let made = made.join("\n") + "\n";
        if std::env::var_os(WRITE).is_some() {
            let folder = std::env::var_os("CARGO_MANIFEST_DIR").unwrap();
            let file = std::path::PathBuf::from(folder).join("src/form/phone_examples.txt");
            std::fs::write(file, &made).unwrap();
        }
        assert!(made == EXAMPLES, "run this test once more with {WRITE}=1");
        assert_eq!(example("DE"), "+49 1512 3456789");
        assert_eq!([example("US"), example("none")], ["+1 555 666 7777", "+1 555 666 7777"]);
    }

    #[test]
    fn the_example_of_each_country_is_a_number_of_it() {
        for (region, code) in countries() {
            let written = example(region);
            let e164 = international(region, &written);
            assert!(e164.starts_with(&format!("+{code}")), "{region}: {written}");
            assert!(e164.len() > code.len() + 3, "{region}: {written}");
        }
    }

    /// Example numbers of libphonenumber in national notation.
    #[test]
    fn a_national_number_becomes_what_libphonenumber_makes_of_it() {
        let mut checked = 0;
        for (region, _) in countries() {
            let id: phonenumber::country::Id = region.parse().unwrap();
            let descriptors = phonenumber::metadata::DATABASE.by_id(region).unwrap().descriptors();
            for example in [descriptors.mobile(), descriptors.fixed_line()].into_iter().flatten() {
                let number = phonenumber::parse(Some(id), example.example().unwrap()).unwrap();
                let written = number.format().mode(phonenumber::Mode::National).to_string();
                let e164 = number.format().mode(phonenumber::Mode::E164).to_string();
                assert_eq!(international(region, &written), e164, "{region}: {written}");
                checked += 1;
            }
        }
        assert!(checked > 450, "only {checked} numbers were checked");
    }

    #[test]
    fn a_number_that_begins_like_a_trunk_prefix_keeps_its_digits() {
        assert_eq!(international("RU", "800 555-35-35"), "+78005553535");
        assert_eq!(international("RU", "8 800 555-35-35"), "+78005553535");
        assert_eq!(international("AR", "0351 15 456-7890"), "+5493514567890");
        assert_eq!(international("AR", "011 4123-4567"), "+541141234567");
        assert_eq!(international("BY", "8 29 491-19-11"), "+375294911911");
    }

    #[test]
    fn spaces_and_dashes_are_taken_and_e164_is_sent() {
        assert_eq!(international("US", "+1 555 666 7777"), "+15556667777");
        assert_eq!(international("US", "(555) 666-7777"), "+15556667777");
        assert_eq!(international("US", "1 555 666 7777"), "+15556667777");
        assert_eq!(international("DE", "0151 23 45 67 8"), "+4915123456 78".replace(' ', ""));
        assert_eq!(international("IT", "06 698 1234"), "+39066981234");
        assert_eq!(international("FR", "0049 151 2345678"), "+491512345678");
    }

    #[test]
    fn text_that_is_no_number_is_sent_unchanged() {
        assert_eq!(international("US", "call me"), "call me");
        assert_eq!(international("US", "+"), "+");
        assert_eq!(international("US", ""), "");
        assert_eq!(international("??", "12345"), "+12345");
    }

    #[test]
    fn every_country_has_two_letters_and_some_digits() {
        assert!(countries().count() > 230);
        for (code, prefix) in countries() {
            assert!(code.bytes().all(|byte| byte.is_ascii_uppercase()), "{code}");
            assert!(!prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit()), "{code}{prefix}");
        }
    }
}
