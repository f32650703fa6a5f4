/** The oldest Node.js that runs iop, as package.json has it. */
const OLDEST = 24;

/** What is wrong with the Node.js that runs this, for whoever has another one on the path; undefined where it will do. */
export function nodeComplaint(version: string): string | undefined {
  if (Number.parseInt(version, 10) >= OLDEST) return undefined;
  return `iop needs Node.js ${OLDEST} or newer; this is ${version}.`;
}
