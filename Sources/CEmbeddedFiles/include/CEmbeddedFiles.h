// Files of the repository that the program carries inside, so that one binary is all there is to deploy.
#ifndef C_EMBEDDED_FILES_H
#define C_EMBEDDED_FILES_H
#include <stddef.h>

struct embedded_file {
    const char *_Nonnull name;
    const unsigned char *_Nonnull bytes;
    size_t length;
};

// The files of migrations/, in order; `count` receives how many.
const struct embedded_file *_Nonnull embedded_migrations(size_t *_Nonnull count);

// openapi.yaml.
struct embedded_file embedded_openapi(void);

// The files of Sources/Dashboard; `count` receives how many.
const struct embedded_file *_Nonnull embedded_dashboard(size_t *_Nonnull count);

// The files of Sources/Guide; `count` receives how many.
const struct embedded_file *_Nonnull embedded_guide(size_t *_Nonnull count);
#endif
