//! Check digits of identifiers. Never asks a register.

/// LEI: 20 letters and digits, check digits by ISO 17442 (ISO 7064 mod 97-10).
#[must_use]
pub fn is_lei(text: &str) -> bool {
    text.len() == 20 && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) && mod97(text) == 1
}

fn mod97(text: &str) -> u32 {
    text.chars()
        .filter_map(|c| c.to_digit(36))
        .fold(0, |sum, v| if v > 9 { (sum * 100 + v) % 97 } else { (sum * 10 + v) % 97 })
}

/// ISIN: country, nine letters or digits, a Luhn check digit over the letters written as numbers (ISO 6166).
#[must_use]
pub fn is_isin(text: &str) -> bool {
    let shape = text.len() == 12
        && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        && text.bytes().take(2).all(|b| b.is_ascii_uppercase())
        && text.ends_with(|c: char| c.is_ascii_digit());
    let digits: Vec<u32> = text
        .chars()
        .filter_map(|c| c.to_digit(36))
        .flat_map(|v| if v > 9 { vec![v / 10, v % 10] } else { vec![v] })
        .collect();
    let sum: u32 =
        digits.iter().rev().enumerate().map(|(i, d)| if i % 2 == 1 { d * 2 / 10 + d * 2 % 10 } else { *d }).sum();
    shape && sum.is_multiple_of(10)
}

/// Wikidata: Q and digits.
#[must_use]
pub fn is_wikidata(text: &str) -> bool {
    text.strip_prefix('Q')
        .is_some_and(|d| !d.is_empty() && !d.starts_with('0') && d.bytes().all(|b| b.is_ascii_digit()))
}

/// MIC: four letters or digits (ISO 10383).
#[must_use]
pub fn is_mic(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits() {
        // The example of ISO 17442 as GLEIF prints it, and Apple's ISIN.
        assert!(is_lei("506700GE1G29325QX363") && !is_lei("506700GE1G29325QX364") && !is_lei("5067"));
        assert!(is_isin("US0378331005") && !is_isin("US0378331006") && !is_isin("0378331005US"));
        assert!(is_wikidata("Q1418") && !is_wikidata("1418") && !is_wikidata("Q01"));
        assert!(is_mic("XHEL") && !is_mic("Xhel"));
    }
}
