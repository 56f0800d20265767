//! Where in a text a name can begin: most places are ruled out many at a time, and most others by four bytes.

use std::fmt;

/// Places looked at together.
const BLOCK: usize = 64;
/// Some numbers of 16 bits.
type Set = Box<[u64]>;

/// How names begin. Nearly all begin with a capital letter.
#[expect(clippy::struct_excessive_bools, reason = "each is of another sort of bytes, and all are asked for each byte")]
pub(super) struct Starts {
    /// Whether a name begins with a small letter.
    small: bool,
    /// Whether a name begins with a digit.
    digit: bool,
    /// Whether a name begins beyond ASCII.
    far: bool,
    /// Whether a name begins with anything else but a capital letter.
    odd: bool,
    /// Four first bytes of names, as a filter that lets some others through.
    long: Set,
    /// Two first bytes of the names that are shorter.
    short: Set,
}

impl fmt::Debug for Starts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Starts").finish_non_exhaustive()
    }
}

impl Starts {
    /// Of no names.
    pub(super) fn none() -> Self {
        let (long, short) = Default::default();
        Self { small: false, digit: false, far: false, odd: false, long, short }
    }

    /// Of names of two bytes or more.
    pub(super) fn of<'n>(names: impl Iterator<Item = &'n [u8]>) -> Self {
        let mut starts = Self::none();
        for name in names {
            let Some(first) = name.first() else { continue };
            match first {
                b'A'..=b'Z' => {}
                b'a'..=b'z' => starts.small = true,
                b'0'..=b'9' => starts.digit = true,
                0x80.. => starts.far = true,
                _ => starts.odd = true,
            }
            if let Some(four) = name.first_chunk::<4>() {
                put(&mut starts.long, hash(*four));
            } else if let Some(two) = name.first_chunk::<2>() {
                put(&mut starts.short, u16::from_le_bytes(*two));
            }
        }
        starts
    }

    /// Does something at every place of a text at which a name may begin and no word goes on.
    pub(super) fn each(&self, text: &[u8], mut then: impl FnMut(usize)) {
        let mut look = |at: usize| {
            let Some((now, rest)) = text.get(at).zip(text.get(at..)) else { return };
            let before = at.checked_sub(1).map_or(b' ', |i| text[i]);
            if self.edge(before, *now) == 1 && self.may_begin(rest) {
                then(at);
            }
        };
        if !self.small && !self.odd {
            // Few bytes are capital letters, and what stands before those is soon looked at.
            let (digit, far) = (u8::from(self.digit), u8::from(self.far));
            return each_block(text, |n, block| {
                let mut may = [0_u8; BLOCK];
                for (may, now) in may.iter_mut().zip(block) {
                    let capital = u8::from(now.is_ascii_uppercase());
                    *may = capital | (u8::from(now.is_ascii_digit()) & digit) | (u8::from(*now >= 0xc0) & far);
                }
                marked(&may, |at| look(n + at));
            });
        }
        let mut before = b' ';
        each_block(text, |n, block| {
            let (mut may, mut befores) = ([0_u8; BLOCK], [before; BLOCK]);
            befores[1..].copy_from_slice(&block[..BLOCK - 1]);
            for ((may, before), now) in may.iter_mut().zip(&befores).zip(block) {
                *may = self.edge(*before, *now);
            }
            before = block[BLOCK - 1];
            marked(&may, |at| look(n + at));
        });
    }

    /// One, where a name may begin with a byte.
    #[expect(clippy::needless_bitwise_bool, reason = "many bytes are looked at in one step, without a branch for each")]
    fn first(&self, now: u8) -> u8 {
        let (small, digit) = (now.is_ascii_lowercase() & self.small, now.is_ascii_digit() & self.digit);
        u8::from(now.is_ascii_uppercase() | small | digit | ((now >= 0xc0) & self.far) | self.odd)
    }

    /// One, where a name may begin with a byte and the one before it does not belong to the same word.
    fn edge(&self, before: u8, now: u8) -> u8 {
        self.first(now) & !u8::from(now.is_ascii_alphanumeric() & before.is_ascii_alphanumeric())
    }

    fn may_begin(&self, rest: &[u8]) -> bool {
        rest.first_chunk().is_some_and(|four| has(&self.long, hash(*four)))
            || rest.first_chunk().is_some_and(|two| has(&self.short, u16::from_le_bytes(*two)))
    }
}

/// Does something with every block of a text, and where it begins. The last is filled up: bytes that are looked at one by one
/// take longer.
fn each_block(text: &[u8], mut then: impl FnMut(usize, &[u8; BLOCK])) {
    let (blocks, last) = text.as_chunks::<BLOCK>();
    for (n, block) in blocks.iter().enumerate() {
        then(n * BLOCK, block);
    }
    if !last.is_empty() {
        let mut block = [b' '; BLOCK];
        block[..last.len()].copy_from_slice(last);
        then(blocks.len() * BLOCK, &block);
    }
}

/// Does something at every place that is marked with one.
fn marked(marks: &[u8; BLOCK], mut then: impl FnMut(usize)) {
    for (n, eight) in marks.as_chunks::<8>().0.iter().enumerate() {
        let mut eight = u64::from_le_bytes(*eight);
        while eight != 0 {
            then(n * 8 + (eight.trailing_zeros() / 8) as usize);
            eight &= eight - 1;
        }
    }
}

/// A set has room from its first number on: an empty one takes none.
fn put(set: &mut Set, number: u16) {
    if set.is_empty() {
        *set = vec![0; 1 << 10].into();
    }
    set[usize::from(number >> 6)] |= 1 << (number & 63);
}

fn has(set: &Set, number: u16) -> bool {
    set.get(usize::from(number >> 6)).is_some_and(|bits| bits >> (number & 63) & 1 == 1)
}

/// Four bytes as a number of 16 bits: the highest ones of a product, which all of them have a part in.
fn hash(four: [u8; 4]) -> u16 {
    let [.., low, high] = u32::from_le_bytes(four).wrapping_mul(0x9e37_79b1).to_le_bytes();
    u16::from_le_bytes([low, high])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(names: &[&str], text: &str) -> Vec<usize> {
        let mut all = Vec::new();
        Starts::of(names.iter().map(|n| n.as_bytes())).each(text.as_bytes(), |at| all.push(at));
        all
    }

    #[test]
    fn a_name_may_begin_at_the_edge_of_a_word() {
        assert_eq!(places(&["Nokia", "HP"], "Nokia, HP and xNokia; (Nokia"), [0, 7, 23]);
        assert_eq!(places(&["诺基亚"], "和诺基亚"), [3]);
        assert_eq!(places(&["iFlytek", ".NET"], "an iFlytek.NET x"), [3, 10]);
        assert_eq!(places(&["3M", "Élan"], "3M, 33M and Élan, Nokia 3M"), [0, 12, 25]);
        assert!(places(&[], "Nokia").is_empty());
        // Over the edges of blocks.
        for n in 0..200 {
            let text = [&" ".repeat(n), "Nokia", " y"].concat();
            assert_eq!(places(&["Nokia"], &text), [n], "{n}");
        }
    }
}
