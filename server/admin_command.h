/* `syncplay-server admin ...`: what an operator types, and what comes of it on the terminal. */
#ifndef SERVER_ADMIN_COMMAND_H
#define SERVER_ADMIN_COMMAND_H

/* `argv` begins with "admin". Returns the exit status: 0, 1 if it was refused or nothing was found, 2 for wrong usage.
 */
int admin_command(int argc, char **argv, char **environment);

#endif
