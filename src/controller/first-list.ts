/** Whether a kind has been listed: settles with the first list, or with why there is none until the next attempt. */
export class FirstList {
  #isDone = false;
  #settling = Promise.withResolvers<void>();

  /** Resolves when the kind has been listed, rejects with why it could not be. */
  get settled(): Promise<void> {
    return this.#settling.promise;
  }

  succeed(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#settling.resolve();
    this.#settling = Promise.withResolvers();
    this.#settling.resolve();
  }

  fail(error: unknown): void {
    if (this.#isDone) return;
    this.#settling.promise.catch(() => undefined); // whoever waits is told; nobody may be waiting
    this.#settling.reject(error);
    this.#settling = Promise.withResolvers();
  }
}
