//! SHA-2 in lanes: SHA-256 in words of 32 bits, SHA-384 and SHA-512 in words of 64 bits (FIPS 180-4).

use crate::lane_search::{Block, LaneHash};
use crate::lanes::{Lanes32, Lanes64};

/// The initial hash of SHA-256.
#[rustfmt::skip]
pub(crate) const SHA_256: [u32; 8] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
];

/// The initial hash of SHA-384.
#[rustfmt::skip]
pub(crate) const SHA_384: [u64; 8] = [
    0xcbbb9d5d_c1059ed8, 0x629a292a_367cd507, 0x9159015a_3070dd17, 0x152fecd8_f70e5939,
    0x67332667_ffc00b31, 0x8eb44a87_68581511, 0xdb0c2e0d_64f98fa7, 0x47b5481d_befa4fa4,
];

/// The initial hash of SHA-512.
#[rustfmt::skip]
pub(crate) const SHA_512: [u64; 8] = [
    0x6a09e667_f3bcc908, 0xbb67ae85_84caa73b, 0x3c6ef372_fe94f82b, 0xa54ff53a_5f1d36f1,
    0x510e527f_ade682d1, 0x9b05688c_2b3e6c1f, 0x1f83d9ab_fb41bd6b, 0x5be0cd19_137e2179,
];

/// The constants of the rounds, sixteen rounds a row.
#[rustfmt::skip]
const ROUNDS_32: [[u32; 16]; 4] = [
    [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    ],
    [
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    ],
    [
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    ],
    [
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ],
];

/// The constants of the rounds, sixteen rounds a row.
#[rustfmt::skip]
const ROUNDS_64: [[u64; 16]; 5] = [
    [
        0x428a2f98_d728ae22, 0x71374491_23ef65cd, 0xb5c0fbcf_ec4d3b2f, 0xe9b5dba5_8189dbbc,
        0x3956c25b_f348b538, 0x59f111f1_b605d019, 0x923f82a4_af194f9b, 0xab1c5ed5_da6d8118,
        0xd807aa98_a3030242, 0x12835b01_45706fbe, 0x243185be_4ee4b28c, 0x550c7dc3_d5ffb4e2,
        0x72be5d74_f27b896f, 0x80deb1fe_3b1696b1, 0x9bdc06a7_25c71235, 0xc19bf174_cf692694,
    ],
    [
        0xe49b69c1_9ef14ad2, 0xefbe4786_384f25e3, 0x0fc19dc6_8b8cd5b5, 0x240ca1cc_77ac9c65,
        0x2de92c6f_592b0275, 0x4a7484aa_6ea6e483, 0x5cb0a9dc_bd41fbd4, 0x76f988da_831153b5,
        0x983e5152_ee66dfab, 0xa831c66d_2db43210, 0xb00327c8_98fb213f, 0xbf597fc7_beef0ee4,
        0xc6e00bf3_3da88fc2, 0xd5a79147_930aa725, 0x06ca6351_e003826f, 0x14292967_0a0e6e70,
    ],
    [
        0x27b70a85_46d22ffc, 0x2e1b2138_5c26c926, 0x4d2c6dfc_5ac42aed, 0x53380d13_9d95b3df,
        0x650a7354_8baf63de, 0x766a0abb_3c77b2a8, 0x81c2c92e_47edaee6, 0x92722c85_1482353b,
        0xa2bfe8a1_4cf10364, 0xa81a664b_bc423001, 0xc24b8b70_d0f89791, 0xc76c51a3_0654be30,
        0xd192e819_d6ef5218, 0xd6990624_5565a910, 0xf40e3585_5771202a, 0x106aa070_32bbd1b8,
    ],
    [
        0x19a4c116_b8d2d0c8, 0x1e376c08_5141ab53, 0x2748774c_df8eeb99, 0x34b0bcb5_e19b48a8,
        0x391c0cb3_c5c95a63, 0x4ed8aa4a_e3418acb, 0x5b9cca4f_7763e373, 0x682e6ff3_d6b2b8a3,
        0x748f82ee_5defb2fc, 0x78a5636f_43172f60, 0x84c87814_a1f0ab72, 0x8cc70208_1a6439ec,
        0x90befffa_23631e28, 0xa4506ceb_de82bde9, 0xbef9a3f7_b2c67915, 0xc67178f2_e372532b,
    ],
    [
        0xca273ece_ea26619c, 0xd186b8c7_21c0c207, 0xeada7dd6_cde0eb1e, 0xf57d4f7f_ee6ed178,
        0x06f067aa_72176fba, 0x0a637dc5_a2c898a6, 0x113f9804_bef90dae, 0x1b710b35_131c471b,
        0x28db77f5_23047d84, 0x32caab7b_40c72493, 0x3c9ebe0a_15c9bebc, 0x431d67c4_9c100d4c,
        0x4cc5d4be_cb3e42b6, 0x597f299c_fc657e2a, 0x5fcb6fab_3ad6faec, 0x6c44198c_4a475817,
    ],
];

/// SHA-256, four messages at a time.
pub(crate) struct Words32;

/// SHA-384 and SHA-512, two messages at a time.
pub(crate) struct Words64;

/// Sixteen more words of the schedule, in the places of the sixteen before.
macro_rules! extend {
    ($words:ident, $small_0:ident, $small_1:ident) => {
        extend!($words, $small_0, $small_1,
            (0 1 9 14) (1 2 10 15) (2 3 11 0) (3 4 12 1) (4 5 13 2) (5 6 14 3) (6 7 15 4) (7 8 0 5)
            (8 9 1 6) (9 10 2 7) (10 11 3 8) (11 12 4 9) (12 13 5 10) (13 14 6 11) (14 15 7 12) (15 0 8 13));
    };
    ($words:ident, $small_0:ident, $small_1:ident, $(($at:literal $after:literal $middle:literal $late:literal))*) => {$(
        $words[$at] = $words[$at].add($small_0($words[$after])).add($words[$middle]).add($small_1($words[$late]));
    )*};
}

/// One round. Each of the eight words then has the name of the next one.
macro_rules! round {
    (
        $word:expr, $big_0:ident, $big_1:ident,
        $a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident
    ) => {
        let choice = $g.xor($e.and($f.xor($g)));
        let majority = $a.and($b).or($c.and($a.or($b)));
        let sum = $h.add($big_1($e)).add(choice).add($word);
        $d = $d.add(sum);
        $h = sum.add($big_0($a)).add(majority);
    };
}

/// A hash function: its words and lanes, and by how much its four functions rotate. The last number of the small ones shifts.
macro_rules! lane_hash {
    (
        $hash:ident, $compress:ident, $lanes:ident, $word:ty, $rounds:ident, lanes: $count:literal,
        big: $big_0:ident [$a0:literal $a1:literal $a2:literal], $big_1:ident [$e0:literal $e1:literal $e2:literal],
        small: $small_0:ident [$s0:literal $s1:literal $s2:literal], $small_1:ident [$t0:literal $t1:literal $t2:literal]
    ) => {
        impl LaneHash<$count> for $hash {
            type Word = $word;
            type State = [$lanes; 8];

            fn start(initial: &[$word; 8]) -> Self::State {
                let [a, b, c, d, e, f, g, h] = *initial;
                [
                    $lanes::splat(a), $lanes::splat(b), $lanes::splat(c), $lanes::splat(d),
                    $lanes::splat(e), $lanes::splat(f), $lanes::splat(g), $lanes::splat(h),
                ]
            }

            fn compress(state: &Self::State, block: &Block<$word, $count>) -> Self::State {
                $compress(state, block)
            }

            fn lane_with(state: &Self::State, challenge: &[$word], lanes: usize) -> Option<usize> {
                let [first, ..] = state;
                // Nearly always the first word differs.
                if !challenge.first().is_some_and(|word| first.words().contains(word)) {
                    return None;
                }
                (0..lanes).find(|lane| {
                    let mut words = challenge.iter().zip(state);
                    words.all(|(word, lanes)| lanes.words().get(*lane) == Some(word))
                })
            }
        }

        #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
        fn $compress(state: &[$lanes; 8], block: &Block<$word, $count>) -> [$lanes; 8] {
            let mut words = [$lanes::splat(0); 16];
            for (word, lanes) in words.iter_mut().zip(block) {
                *word = $lanes::new(*lanes);
            }
            let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
            for (row, constants) in $rounds.iter().enumerate() {
                if row > 0 {
                    extend!(words, $small_0, $small_1);
                }
                round!(words[0].add($lanes::splat(constants[0])), $big_0, $big_1, a b c d e f g h);
                round!(words[1].add($lanes::splat(constants[1])), $big_0, $big_1, h a b c d e f g);
                round!(words[2].add($lanes::splat(constants[2])), $big_0, $big_1, g h a b c d e f);
                round!(words[3].add($lanes::splat(constants[3])), $big_0, $big_1, f g h a b c d e);
                round!(words[4].add($lanes::splat(constants[4])), $big_0, $big_1, e f g h a b c d);
                round!(words[5].add($lanes::splat(constants[5])), $big_0, $big_1, d e f g h a b c);
                round!(words[6].add($lanes::splat(constants[6])), $big_0, $big_1, c d e f g h a b);
                round!(words[7].add($lanes::splat(constants[7])), $big_0, $big_1, b c d e f g h a);
                round!(words[8].add($lanes::splat(constants[8])), $big_0, $big_1, a b c d e f g h);
                round!(words[9].add($lanes::splat(constants[9])), $big_0, $big_1, h a b c d e f g);
                round!(words[10].add($lanes::splat(constants[10])), $big_0, $big_1, g h a b c d e f);
                round!(words[11].add($lanes::splat(constants[11])), $big_0, $big_1, f g h a b c d e);
                round!(words[12].add($lanes::splat(constants[12])), $big_0, $big_1, e f g h a b c d);
                round!(words[13].add($lanes::splat(constants[13])), $big_0, $big_1, d e f g h a b c);
                round!(words[14].add($lanes::splat(constants[14])), $big_0, $big_1, c d e f g h a b);
                round!(words[15].add($lanes::splat(constants[15])), $big_0, $big_1, b c d e f g h a);
            }
            let [a0, b0, c0, d0, e0, f0, g0, h0] = *state;
            [a.add(a0), b.add(b0), c.add(c0), d.add(d0), e.add(e0), f.add(f0), g.add(g0), h.add(h0)]
        }

        #[inline]
        #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
        fn $big_0(word: $lanes) -> $lanes {
            word.rotate_right($a0).xor(word.rotate_right($a1)).xor(word.rotate_right($a2))
        }

        #[inline]
        #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
        fn $big_1(word: $lanes) -> $lanes {
            word.rotate_right($e0).xor(word.rotate_right($e1)).xor(word.rotate_right($e2))
        }

        #[inline]
        #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
        fn $small_0(word: $lanes) -> $lanes {
            word.rotate_right($s0).xor(word.rotate_right($s1)).xor(word.shift_right($s2))
        }

        #[inline]
        #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
        fn $small_1(word: $lanes) -> $lanes {
            word.rotate_right($t0).xor(word.rotate_right($t1)).xor(word.shift_right($t2))
        }
    };
}

lane_hash!(
    Words32, compress_32, Lanes32, u32, ROUNDS_32, lanes: 4,
    big: big_0_32 [2 13 22], big_1_32 [6 11 25],
    small: small_0_32 [7 18 3], small_1_32 [17 19 10]
);
lane_hash!(
    Words64, compress_64, Lanes64, u64, ROUNDS_64, lanes: 2,
    big: big_0_64 [28 34 39], big_1_64 [14 18 41],
    small: small_0_64 [1 8 7], small_1_64 [19 61 6]
);

/// A hash in hexadecimal as words. `None`: it has another length, or other characters.
pub(crate) fn words_32(hex: &str, count: usize) -> Option<Vec<u32>> {
    parse(hex, count, 8, |digits| u32::from_str_radix(digits, 16).ok())
}

/// A hash in hexadecimal as words. `None`: it has another length, or other characters.
pub(crate) fn words_64(hex: &str, count: usize) -> Option<Vec<u64>> {
    parse(hex, count, 16, |digits| u64::from_str_radix(digits, 16).ok())
}

fn parse<Word>(hex: &str, count: usize, digits: usize, word: fn(&str) -> Option<Word>) -> Option<Vec<Word>> {
    if hex.len() != count * digits || !hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    (0..count).map(|at| word(hex.get(at * digits..(at + 1) * digits)?)).collect()
}
