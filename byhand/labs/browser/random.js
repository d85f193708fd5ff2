// NumPy's RandomState(seed), number by number: random() is the Mersenne twister of Matsumoto and
// Nishimura (1998), standard_normal() the polar method of Marsaglia and Bray (1964). The labs that
// need dlcore's very draws use them.

const SIZE = 624;

/** @param {number} seed */
export function randomState(seed) {
  const key = new Uint32Array(SIZE);
  key[0] = seed;
  for (let i = 1; i < SIZE; i++) {
    key[i] = Math.imul(1812433253, key[i - 1] ^ (key[i - 1] >>> 30)) + i;
  }
  let at = SIZE;
  const refill = () => {
    for (let i = 0; i < SIZE; i++) {
      const y = (key[i] & 0x80000000) | (key[(i + 1) % SIZE] & 0x7fffffff);
      key[i] = key[(i + 397) % SIZE] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    at = 0;
  };
  const bits = () => {
    if (at === SIZE) refill();
    let y = key[at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  };
  return () => ((bits() >>> 5) * 2 ** 26 + (bits() >>> 6)) / 2 ** 53;
}

/**
 * What standard_normal() draws from the uniform numbers of `random`.
 *
 * @param {() => number} random
 */
export function normals(random) {
  /** @type {number | null} the second of a pair */
  let kept = null;
  return () => {
    if (kept !== null) {
      const second = kept;
      kept = null;
      return second;
    }
    let x, y, square;
    do {
      [x, y] = [2 * random() - 1, 2 * random() - 1];
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const stretch = Math.sqrt((-2 * Math.log(square)) / square);
    kept = stretch * x;
    return stretch * y;
  };
}
