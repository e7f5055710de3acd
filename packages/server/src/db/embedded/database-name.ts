/** The database everything is kept in. */
export const database = "pandaprobe";
