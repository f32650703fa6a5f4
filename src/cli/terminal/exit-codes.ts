/** Everything went well. */
export const EXIT_OK = 0;

/** The command was understood and failed. */
export const EXIT_FAILED = 1;

/** `plan`: something would change. */
export const EXIT_CHANGES = 2;

/** A comparison: it could not be made. 1 says that there is a difference, as of diff(1). */
export const EXIT_NOT_COMPARED = 2;

/** The command line is wrong; the same number as istioctl's. */
export const EXIT_USAGE = 64;
