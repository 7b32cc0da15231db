/* The configuration as a file that would say the same. Secrets are not in it. */
#ifndef SERVER_CONFIG_PRINT_H
#define SERVER_CONFIG_PRINT_H

struct config;

/* To standard output. Each setting that is not left at its default says where it came from. */
void config_print(const struct config *config);

#endif
