/** A port with some calls of its own; the others are the port's. */
export function instead<T extends object>(port: T, calls: Partial<T>): T {
  return new Proxy(port, {
    get: (target, name) => {
      const call = calls[name as keyof T] ?? target[name as keyof T];
      return typeof call === 'function' ? call.bind(target) : call;
    },
  });
}
