//! Measuring conditions: the machine as it is, a slow phone's processor, and that on a slow connection.

const kilobits = (per_second) => (per_second * 1000) / 8;

export const CONDITIONS = [
  { name: 'as it is', slowdown: 1, network: null },
  { name: 'CPU ×4', slowdown: 4, network: null },
  {
    name: 'CPU ×4, 1.6 Mbit/s, 150 ms',
    slowdown: 4,
    network: { offline: false, latency: 150, downloadThroughput: kilobits(1600), uploadThroughput: kilobits(750) },
  },
];

/** Applies `condition` to the page of `cdp`. */
export async function impose(cdp, { slowdown, network }) {
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  if (network) await cdp.send('Network.emulateNetworkConditions', network);
}

/** Removes it again. */
export async function relieve(cdp) {
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
}
