//! The search of one hash function: consecutive numbers lie in the lanes, and each step hashes one number in each lane.

use std::fmt;

/// The state of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchState {
    /// This number fits.
    Found(u32),
    /// The next numbers are to be tried.
    Searching,
    /// No number up to the bound fits.
    Exhausted,
}

/// A hash function that hashes one block in each of `LANES` lanes.
pub(crate) trait LaneHash<const LANES: usize> {
    type Word: Word;
    /// The hash in each lane.
    type State: Copy;

    /// The state in which each lane starts with this hash.
    fn start(initial: &[Self::Word; 8]) -> Self::State;

    /// The state after one more block in each lane.
    fn compress(state: &Self::State, block: &Block<Self::Word, LANES>) -> Self::State;

    /// The first of these many lanes whose hash starts with `challenge`.
    fn lane_with(state: &Self::State, challenge: &[Self::Word], lanes: usize) -> Option<usize>;
}

/// A word of a hash function. Its first byte is the highest.
pub(crate) trait Word: Copy + Default {
    const BYTES: usize;

    fn from_bytes(bytes: &[u8]) -> Self;

    /// Adds `amount`, at most 9, to the decimal digit at byte `at`. Returns the carry.
    fn add_to_digit(&mut self, at: usize, amount: u8) -> u8;
}

/// The words of one block in each lane.
pub(crate) type Block<Word, const LANES: usize> = [[Word; LANES]; WORDS_OF_BLOCK];

const WORDS_OF_BLOCK: usize = 16;

macro_rules! word {
    ($word:ty) => {
        impl Word for $word {
            const BYTES: usize = size_of::<$word>();

            fn from_bytes(bytes: &[u8]) -> Self {
                bytes.iter().fold(0, |word, byte| word << 8 | Self::from(*byte))
            }

            fn add_to_digit(&mut self, at: usize, amount: u8) -> u8 {
                let shift = (Self::BYTES - 1 - at) * 8;
                let digit = (*self >> shift) as u8;
                if digit + amount <= b'9' {
                    *self += Self::from(amount) << shift;
                    0
                } else {
                    *self -= Self::from(10 - amount) << shift;
                    1
                }
            }
        }
    };
}

word!(u32);
word!(u64);

/// A search from 0 upwards.
pub(crate) struct LaneSearch<H: LaneHash<LANES>, const LANES: usize> {
    /// The state after the blocks that the salt fills, which is the same for all numbers.
    salted: H::State,
    /// The rest of the salt.
    salt_rest: Vec<u8>,
    salt_length: usize,
    challenge: Vec<H::Word>,
    max_number: u64,
    /// The number in the first lane.
    number: u64,
    /// The largest number with as many digits as the lanes have room for.
    max_in_layout: u64,
    /// The rest of the salt, the number and the padding in each lane: one block or two.
    blocks: [Block<H::Word, LANES>; 2],
    block_count: usize,
    /// Where the number ends.
    digits_end: usize,
}

impl<H: LaneHash<LANES>, const LANES: usize> LaneSearch<H, LANES> {
    const BLOCK_BYTES: usize = WORDS_OF_BLOCK * H::Word::BYTES;

    pub(crate) fn new(initial: [H::Word; 8], salt: &[u8], challenge: Vec<H::Word>, max_number: u64) -> Self {
        let full = salt.chunks_exact(Self::BLOCK_BYTES);
        let salt_rest = full.remainder().to_vec();
        let salted = full.fold(H::start(&initial), |state, block| {
            let mut words = [[H::Word::default(); LANES]; WORDS_OF_BLOCK];
            for (word, bytes) in words.iter_mut().zip(block.chunks(H::Word::BYTES)) {
                *word = [H::Word::from_bytes(bytes); LANES];
            }
            H::compress(&state, &words)
        });
        let mut search = Self {
            salted,
            salt_rest,
            salt_length: salt.len(),
            challenge,
            max_number,
            number: 0,
            max_in_layout: 9,
            blocks: [[[H::Word::default(); LANES]; WORDS_OF_BLOCK]; 2],
            block_count: 1,
            digits_end: 0,
        };
        search.lay_out(1);
        search
    }

    /// Tries the next `count` numbers, rounded up to full lanes.
    pub(crate) fn advance(&mut self, count: u32) -> SearchState {
        for _ in (0..count).step_by(LANES) {
            match self.step() {
                SearchState::Searching => {}
                ended => return ended,
            }
        }
        SearchState::Searching
    }

    /// Tries one number in each lane, but none past the bound or with more digits than there is room for.
    fn step(&mut self) -> SearchState {
        if self.number > self.max_number {
            return SearchState::Exhausted;
        }
        let blocks = self.blocks.iter().take(self.block_count);
        let hashes = blocks.fold(self.salted, |state, block| H::compress(&state, block));
        let left = self.max_number.min(self.max_in_layout) - self.number;
        let lanes = usize::try_from(left).map_or(LANES, |left| LANES.min(left + 1));
        if let Some(lane) = H::lane_with(&hashes, &self.challenge, lanes) {
            return u32::try_from(self.number + lane as u64)
                .map_or(SearchState::Exhausted, SearchState::Found);
        }
        self.number += lanes as u64;
        if self.number > self.max_in_layout {
            self.max_in_layout = self.max_in_layout * 10 + 9;
            self.lay_out(self.digits_end - self.salt_rest.len() + 1);
        } else {
            self.count_up();
        }
        SearchState::Searching
    }

    /// Writes the lanes anew, for numbers with `digits` digits.
    fn lay_out(&mut self, digits: usize) {
        const LONGEST_PADDING: usize = 1;
        self.digits_end = self.salt_rest.len() + digits;
        // The length of the message takes an eighth of a block.
        let is_one_block = self.digits_end + LONGEST_PADDING + Self::BLOCK_BYTES / 8 <= Self::BLOCK_BYTES;
        self.block_count = if is_one_block { 1 } else { 2 };
        let bits = (self.salt_length as u64 + digits as u64) * 8;
        for lane in 0..LANES {
            let number = (self.number + lane as u64).to_string();
            let mut message = [&*self.salt_rest, number.as_bytes(), &[0x80]].concat();
            message.resize(self.block_count * Self::BLOCK_BYTES - size_of_val(&bits), 0);
            message.extend(bits.to_be_bytes());
            let words = self.blocks.iter_mut().flatten().filter_map(|word| word.get_mut(lane));
            for (word, bytes) in words.zip(message.chunks(H::Word::BYTES)) {
                *word = H::Word::from_bytes(bytes);
            }
        }
    }

    /// Adds the number of lanes to the digits in each lane.
    fn count_up(&mut self) {
        for lane in 0..LANES {
            let mut amount = LANES as u8;
            for at in (self.salt_rest.len()..self.digits_end).rev() {
                let words = self.blocks.as_flattened_mut().get_mut(at / H::Word::BYTES);
                let Some(word) = words.and_then(|words| words.get_mut(lane)) else { break };
                amount = word.add_to_digit(at % H::Word::BYTES, amount);
                if amount == 0 {
                    break;
                }
            }
        }
    }
}

impl<H: LaneHash<LANES>, const LANES: usize> fmt::Debug for LaneSearch<H, LANES> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("LaneSearch").field("number", &self.number).finish_non_exhaustive()
    }
}
