// Further scripts of ours, loaded when they are needed: each is a classic script that leaves one
// global name.

/** @type {Map<string, Promise<unknown>>} */
const loading = new Map();

/**
 * Load a script once; answer what it leaves.
 *
 * @param {string} address
 * @param {string} name of the global variable
 */
export function load(address, name) {
  const started = loading.get(address);
  if (started) return started;
  const loaded = new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(Reflect.get(window, name));
    script.onerror = () => {
      loading.delete(address); // another try may be luckier
      script.remove();
      reject(new Error("The editor could not be loaded. Is the network there?"));
    };
    document.head.append(script);
  });
  loading.set(address, loaded);
  return loaded;
}
