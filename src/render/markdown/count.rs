//! How many words a text has.

/// The words of a text whose highest byte is known; a Chinese character counts as one.
#[expect(clippy::needless_bitwise_bool, reason = "no branch for each byte")]
pub(super) fn count(text: &str, highest: u8) -> usize {
    if highest < 0x80 {
        // A word begins after each blank that another does not follow. Few at a time: their number fits one byte.
        let blank = |b: u8| b.is_ascii_whitespace();
        let (bytes, first) = (text.as_bytes(), text.bytes().next().is_some_and(|b| !blank(b)));
        let begin = |(before, now): (&[u8], &[u8])| -> usize {
            let all = before.iter().zip(now).map(|(before, now)| u8::from(blank(*before) & !blank(*now)));
            usize::from(all.sum::<u8>())
        };
        let rest = bytes.get(1..).unwrap_or_default();
        return usize::from(first) + bytes.chunks(128).zip(rest.chunks(128)).map(begin).sum::<usize>();
    }
    // A word is what stands between blanks and Chinese, if there is a letter or a digit in it.
    let (mut words, mut in_word, mut at) = (0, false, 0);
    while let Some(byte) = text.as_bytes().get(at) {
        let (blank, letter) = if let Some(plain) = PLAIN.get(usize::from(*byte)) {
            at += 1;
            *plain
        } else {
            let Some(c) = text[at..].chars().next() else { break };
            at += c.len_utf8();
            let chinese = crate::render::names::is_cjk(c);
            words += usize::from(chinese);
            // What typesetters put in is most of what is not plain: quotes, dashes, dots, signs of currencies.
            let set = matches!(c, '\u{2010}'..='\u{2027}' | '\u{20a0}'..='\u{20bf}');
            (chinese || !set && c.is_whitespace(), !set && c.is_alphanumeric())
        };
        words += usize::from(letter & !blank & !in_word);
        in_word = (in_word | letter) & !blank;
    }
    words
}

/// Which of the characters of one byte are blank, and which are letters or digits.
static PLAIN: [(bool, bool); 128] = {
    let mut all = [(false, false); 128];
    let mut byte = 0_u8;
    while byte < 128 {
        all[byte as usize] = (matches!(byte, b' ' | b'\t'..=b'\r'), byte.is_ascii_alphanumeric());
        byte += 1;
    }
    all
};

#[cfg(test)]
mod tests {
    fn count(text: &str) -> usize {
        super::count(text, crate::render::sentences::highest(text))
    }

    #[test]
    fn words_are_counted() {
        for (text, words) in [
            ("", 0),
            (" ", 0),
            ("Nokia", 1),
            ("  two words ", 2),
            ("诺基亚 and ZTE – both", 6),
            ("it’s one", 2),
            ("a\u{b}é\u{3000}– (b)和c", 5),
        ] {
            assert_eq!(count(text), words, "{text}");
        }
        // Over the edges of what is looked at together.
        for n in 0..300 {
            let text = ["a".repeat(n), " b".repeat(n)].concat();
            assert_eq!(count(&text), text.split_ascii_whitespace().count(), "{n}");
        }
    }
}
