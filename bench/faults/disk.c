/* SPDX-License-Identifier: Apache-2.0
 *
 * A disk between a program and the C library (LD_PRELOAD): it fails when told to, and remembers what a power cut takes.
 *
 * Before each change to a file under the watched directory the bytes that it replaces are appended to a log outside of
 * it. A process killed at any moment leaves the log whole (the kernel keeps what was written). Whoever cuts the power
 * reads the log and puts back what no sync has made durable: all of it, or any part, page by page (power.py).
 * Names count too: a file made, renamed or removed is durable once its directory was synced.
 *
 * Entry: op, then numbers of 8 bytes (inode, offset, size of the file before, length of the change, lengths of the
 * following three), then old bytes, path, second path.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define FDS 4096
#define NEXT(name) ((__typeof__(&name))real_##name())
#define REAL(name)                                                                                                     \
    static void *real_##name(void) {                                                                                   \
        static void *found;                                                                                            \
        if (!found) found = dlsym(RTLD_NEXT, #name);                                                                   \
        return found;                                                                                                  \
    }

REAL(open) REAL(close) REAL(write) REAL(pwrite) REAL(pwritev) REAL(ftruncate) REAL(posix_fallocate) REAL(fsync)
REAL(fdatasync) REAL(rename) REAL(unlink)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX], side[PATH_MAX];
static size_t root_length;
static int log_fd = -1, real_sync = 1;
static unsigned long side_number;
static struct { char kind; ino_t inode; } files[FDS]; /* kind: 'f' a file, 'd' a directory under the root */

/* Faults: the n-th change ('w'), sync ('s') or any of both ('a') fails; 'h' writes half and says so. Error 0: the
 * process is killed there. */
static char fault_kind;
static long fault_at, counts[256];
static int fault_error, fault_stays, fault_drops;

/* What is not synced, for a sync that fails and loses it. */
struct change { struct change *before; ino_t inode; off_t offset, size; size_t length; char old[]; };
static struct change *changes;

static int watched(const char *path) {
    return log_fd >= 0 && path && strncmp(path, root, root_length) == 0 && path[root_length] == '/';
}

static int is_root(const char *path) { return log_fd >= 0 && path && strcmp(path, root) == 0; }

static int ends_with(const char *path, const char *end) {
    size_t a = strlen(path), b = strlen(end);
    return a >= b && strcmp(path + a - b, end) == 0;
}

static void put(char op, ino_t inode, off_t offset, off_t size, size_t length, const void *old, size_t old_length,
                const char *path, const char *second) {
    uint64_t numbers[7] = {inode, (uint64_t)offset, (uint64_t)size, length, old_length, path ? strlen(path) : 0,
                           second ? strlen(second) : 0};
    struct iovec parts[5] = {{&op, 1}, {numbers, sizeof numbers}, {(void *)old, old_length},
                             {(void *)path, path ? strlen(path) : 0}, {(void *)second, second ? strlen(second) : 0}};
    if (writev(log_fd, parts, 5) < 0) abort();
}

static int failing(char kind) {
    counts[(unsigned char)kind]++;
    counts['a']++;
    if (!fault_kind || (fault_kind != 'a' && fault_kind != kind && !(fault_kind == 'h' && kind == 'w'))) return 0;
    long at = fault_kind == 'a' ? counts['a'] : counts[(unsigned char)kind];
    if (at < fault_at || (at > fault_at && !fault_stays)) return 0;
    if (!fault_error) kill(getpid(), SIGKILL);
    errno = fault_error;
    return 1;
}

void disk_begin(const char *directory, const char *log_path, const char *side_directory, int syncs) {
    log_fd = NEXT(open)(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log_fd < 0) abort();
    snprintf(side, sizeof side, "%s", side_directory);
    root_length = (size_t)snprintf(root, sizeof root, "%s", directory);
    real_sync = syncs;
}

void disk_fault(char kind, long at, int error, int stays, int drops) {
    fault_kind = kind, fault_at = at, fault_error = error, fault_stays = stays, fault_drops = drops;
    memset(counts, 0, sizeof counts);
}

long disk_count(char kind) { return counts[(unsigned char)kind]; }

static int tracked(int fd) { return fd >= 0 && fd < FDS && files[fd].kind == 'f'; }

static void remember(int fd, off_t offset, size_t length, char op) {
    struct stat now;
    if (fstat(fd, &now) < 0) return;
    size_t old = offset >= now.st_size ? 0 : (size_t)(now.st_size - offset);
    if (old > length) old = length;
    struct change *change = malloc(sizeof *change + old);
    if (!change) abort();
    *change = (struct change){changes, files[fd].inode, offset, now.st_size, old};
    if (old) {
        char name[64];
        snprintf(name, sizeof name, "/proc/self/fd/%d", fd); /* the program's own handle may be for writing only */
        int reader = NEXT(open)(name, O_RDONLY | O_CLOEXEC);
        if (reader < 0 || pread(reader, change->old, old, offset) != (ssize_t)old) abort();
        NEXT(close)(reader);
    }
    changes = change;
    put(op, change->inode, offset, now.st_size, length, change->old, old, NULL, NULL);
}

static void forget(ino_t inode, int fd) {
    for (struct change **at = &changes; *at;) {
        struct change *change = *at;
        if (change->inode != inode) { at = &change->before; continue; }
        if (fd >= 0) { /* newest first, so each puts back what it found */
            char name[64];
            snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
            int writer = NEXT(open)(name, O_WRONLY | O_CLOEXEC);
            if (writer >= 0) {
                if (NEXT(pwrite)(writer, change->old, change->length, change->offset) < 0) abort();
                if (NEXT(ftruncate)(writer, change->size) < 0) abort();
                NEXT(close)(writer);
            }
        }
        *at = change->before;
        free(change);
    }
}

static int opened(int fd, const char *path) {
    struct stat now;
    if (fd >= 0 && fd < FDS && fstat(fd, &now) == 0) {
        int file = S_ISREG(now.st_mode) && !ends_with(path, "-shm"); /* SQLite's shared memory is never durable */
        files[fd].kind = file ? 'f' : S_ISDIR(now.st_mode) ? 'd' : 0;
        files[fd].inode = now.st_ino;
    }
    return fd;
}

static int open_watched(const char *path, int flags, mode_t mode) {
    struct stat now;
    int fd, shared = ends_with(path, "-shm");
    pthread_mutex_lock(&lock);
    if (!shared && (flags & O_CREAT) && lstat(path, &now) < 0) {
        if (failing('w')) { pthread_mutex_unlock(&lock); return -1; }
        put('C', 0, 0, 0, 0, NULL, 0, path, NULL);
    }
    fd = opened(NEXT(open)(path, shared ? flags : flags & ~O_TRUNC, mode), path);
    if (fd >= 0 && !shared && (flags & O_TRUNC) && fstat(fd, &now) == 0 && now.st_size > 0) {
        remember(fd, 0, (size_t)now.st_size, 'T');
        if (NEXT(ftruncate)(fd, 0) < 0) abort();
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...) {                                                                       \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0;                                      \
        va_end(more);                                                                                                  \
        return watched(path) || is_root(path) ? open_watched(path, flags, mode) : NEXT(open)(path, flags, mode);                        \
    }
OPEN(open)
OPEN(open64)

REAL(openat)
#define OPENAT(name)                                                                                                   \
    int name(int at, const char *path, int flags, ...) {                                                               \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0;                                      \
        va_end(more);                                                                                                  \
        return watched(path) || is_root(path) ? open_watched(path, flags, mode) : NEXT(openat)(at, path, flags, mode);                  \
    }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
    if (fd >= 0 && fd < FDS) files[fd].kind = 0;
    return NEXT(close)(fd);
}

static ssize_t changed(int fd, off_t offset, size_t length, ssize_t (*act)(int, const void *, size_t, off_t),
                       const void *data) {
    ssize_t done = -1;
    pthread_mutex_lock(&lock);
    int fails = failing('w');
    if (fails && fault_kind == 'h' && length > 1) length /= 2, fails = 0;
    if (!fails) {
        remember(fd, offset, length, 'W');
        done = act(fd, data, length, offset);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

static ssize_t at_place(int fd, const void *data, size_t length, off_t offset) {
    return NEXT(pwrite)(fd, data, length, offset);
}

static ssize_t in_turn(int fd, const void *data, size_t length, off_t offset) {
    (void)offset;
    return NEXT(write)(fd, data, length);
}

ssize_t write(int fd, const void *data, size_t length) {
    if (!tracked(fd)) return NEXT(write)(fd, data, length);
    struct stat now;
    int append = fcntl(fd, F_GETFL) & O_APPEND;
    off_t offset = append && fstat(fd, &now) == 0 ? now.st_size : lseek(fd, 0, SEEK_CUR);
    return changed(fd, offset, length, in_turn, data);
}

#define PWRITE(name)                                                                                                   \
    ssize_t name(int fd, const void *data, size_t length, off_t offset) {                                              \
        return tracked(fd) ? changed(fd, offset, length, at_place, data) : NEXT(pwrite)(fd, data, length, offset);      \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

static ssize_t pwritev_watched(int fd, const struct iovec *parts, int count, off_t offset) {
    size_t length = 0;
    for (int i = 0; i < count; i++) length += parts[i].iov_len;
    char *data = malloc(length + 1);
    if (!data) abort();
    length = 0;
    for (int i = 0; i < count; i++) {
        memcpy(data + length, parts[i].iov_base, parts[i].iov_len);
        length += parts[i].iov_len;
    }
    ssize_t done = changed(fd, offset, length, at_place, data);
    int error = errno;
    free(data);
    errno = error;
    return done;
}

#define PWRITEV(name)                                                                                                  \
    ssize_t name(int fd, const struct iovec *parts, int count, off_t offset) {                                         \
        return tracked(fd) ? pwritev_watched(fd, parts, count, offset) : NEXT(pwritev)(fd, parts, count, offset);       \
    }
PWRITEV(pwritev)
PWRITEV(pwritev64)

REAL(pwritev2)
#define PWRITEV2(name)                                                                                                 \
    ssize_t name(int fd, const struct iovec *parts, int count, off_t offset, int flags) {                              \
        return tracked(fd) ? pwritev_watched(fd, parts, count, offset)                                                 \
                           : NEXT(pwritev2)(fd, parts, count, offset, flags);                                          \
    }
PWRITEV2(pwritev2)
PWRITEV2(pwritev64v2)

#define FTRUNCATE(name)                                                                                                \
    int name(int fd, off_t size) {                                                                                     \
        if (!tracked(fd)) return NEXT(ftruncate)(fd, size);                                                            \
        pthread_mutex_lock(&lock);                                                                                     \
        int done = -1;                                                                                                 \
        if (!failing('w')) {                                                                                           \
            struct stat now;                                                                                           \
            size_t cut = fstat(fd, &now) == 0 && now.st_size > size ? (size_t)(now.st_size - size) : 0;                \
            remember(fd, size, cut, 'T');                                                                              \
            done = NEXT(ftruncate)(fd, size);                                                                          \
        }                                                                                                              \
        pthread_mutex_unlock(&lock);                                                                                   \
        return done;                                                                                                   \
    }
FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)

#define FALLOCATE(name)                                                                                                \
    int name(int fd, off_t offset, off_t length) {                                                                     \
        if (!tracked(fd)) return NEXT(posix_fallocate)(fd, offset, length);                                            \
        pthread_mutex_lock(&lock);                                                                                     \
        int error = 0;                                                                                                 \
        if (failing('w')) {                                                                                            \
            error = errno;                                                                                             \
        } else {                                                                                                       \
            struct stat now;                                                                                           \
            remember(fd, fstat(fd, &now) == 0 ? now.st_size : offset, 0, 'T');                                         \
            error = NEXT(posix_fallocate)(fd, offset, length);                                                         \
        }                                                                                                              \
        pthread_mutex_unlock(&lock);                                                                                   \
        return error;                                                                                                  \
    }
FALLOCATE(posix_fallocate)
FALLOCATE(posix_fallocate64)

#define SYNC(name)                                                                                                     \
    int name(int fd) {                                                                                                 \
        if (log_fd < 0 || fd < 0 || fd >= FDS || !files[fd].kind) return NEXT(name)(fd);                               \
        pthread_mutex_lock(&lock);                                                                                     \
        int done = -1;                                                                                                 \
        if (failing('s')) {                                                                                            \
            int error = errno;                                                                                         \
            put('L', files[fd].inode, 0, 0, 0, NULL, 0, NULL, NULL);                                                   \
            forget(files[fd].inode, fault_drops ? fd : -1);                                                            \
            errno = error;                                                                                             \
        } else if ((done = real_sync ? NEXT(name)(fd) : 0) == 0) {                                                     \
            char link[64], path[PATH_MAX];                                                                             \
            snprintf(link, sizeof link, "/proc/self/fd/%d", fd);                                                       \
            ssize_t length = readlink(link, path, sizeof path - 1);                                                    \
            path[length < 0 ? 0 : length] = 0;                                                                         \
            put(files[fd].kind == 'd' ? 'D' : 'S', files[fd].inode, 0, 0, 0, NULL, 0, path, NULL);                     \
            forget(files[fd].inode, -1);                                                                               \
        }                                                                                                              \
        pthread_mutex_unlock(&lock);                                                                                   \
        return done;                                                                                                   \
    }
SYNC(fsync)
SYNC(fdatasync)

/* The whole file system: everything is durable. */
REAL(syncfs)
int syncfs(int fd) {
    if (log_fd < 0 || fd < 0 || fd >= FDS || !files[fd].kind) return NEXT(syncfs)(fd);
    pthread_mutex_lock(&lock);
    int done = -1;
    if (!failing('s') && (done = real_sync ? NEXT(syncfs)(fd) : 0) == 0) {
        put('A', 0, 0, 0, 0, NULL, 0, NULL, NULL);
        while (changes) {
            struct change *change = changes;
            changes = change->before;
            free(change);
        }
    }
    pthread_mutex_unlock(&lock);
    return done;
}

static void set_aside(const char *path, char *name, size_t size) {
    name[0] = 0;
    struct stat now;
    if (lstat(path, &now) < 0) return;
    snprintf(name, size, "%s/%d-%lu", side, getpid(), side_number++);
    if (link(path, name) < 0) abort();
}

int rename(const char *from, const char *to) {
    if (!watched(from) || !watched(to)) return NEXT(rename)(from, to);
    char kept[PATH_MAX + 64];
    struct stat now;
    int done = -1;
    pthread_mutex_lock(&lock);
    if (!failing('w') && lstat(from, &now) == 0) {
        set_aside(to, kept, sizeof kept);
        put('R', now.st_ino, 0, 0, 0, kept, strlen(kept), from, to);
        done = NEXT(rename)(from, to);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

int unlink(const char *path) {
    struct stat now;
    if (!watched(path) || ends_with(path, "-shm") || lstat(path, &now) < 0) return NEXT(unlink)(path);
    char kept[PATH_MAX + 64];
    int done = -1;
    pthread_mutex_lock(&lock);
    if (!failing('w')) {
        set_aside(path, kept, sizeof kept);
        put('U', now.st_ino, 0, 0, 0, kept, strlen(kept), path, NULL);
        done = NEXT(unlink)(path);
    }
    pthread_mutex_unlock(&lock);
    return done;
}
