/** Whether a kind has been listed: settles with the first list, or with why there is none until the next attempt. */
export class FirstList {
  #isDone = false;
  #failure: unknown;
  #settling = Promise.withResolvers<void>();

  /** Resolves when the kind has been listed, rejects with why it could not be. */
  get settled(): Promise<void> {
    return this.#settling.promise;
  }

  /** Why the last attempt has failed, for those who do not wait for the next one; undefined when there is nothing to say. */
  get failure(): unknown {
    return this.#failure;
  }

  succeed(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#failure = undefined;
    this.#settling.resolve();
  }

  fail(error: unknown): void {
    if (this.#isDone) return;
    this.#failure = error;
    this.#settling.promise.catch(() => undefined); // whoever waits is told; nobody may be waiting
    this.#settling.reject(error);
    this.#settling = Promise.withResolvers();
  }
}
