/** What may be ready at once or come later: whoever is ready at once pays for no promise. */
export type Awaitable<T> = T | Promise<T>;
