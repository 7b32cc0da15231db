/*
 * A disk that fails when it is told to: a VFS of SQLite above the real one. The test says which kind of operation fails, at
 * which one of its kind, and how; from then on they all fail, until the disk is mended. SQLite never really sleeps on it,
 * so that waiting for a lock takes no time. One disk a program; the store's thread works on it while the test looks.
 */
#ifndef TEST_FAULTY_DISK_H
#define TEST_FAULTY_DISK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <sqlite3.h>

enum disk_deed { DISK_READ, DISK_WRITE, DISK_TRUNCATE, DISK_SYNC, DISK_LOCK, DISK_SHM_MAP, DISK_SHM_LOCK, DISK_OPEN, DISK_DEEDS };

struct disk_fault {
    const char *name;
    enum disk_deed deed;
    int result;          /* SQLite's code */
    bool writes_a_half;  /* and then says so */
    bool on_main_file;   /* but not on the write-ahead log and the others */
};

static struct {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    struct disk_fault fault;
    atomic_int countdown; /* of deeds of the fault's kind; 0: the next fails, and all after it; negative: none */
    atomic_int failed;    /* how many have */
} disk = {.countdown = -1};

struct disk_file {
    sqlite3_file base;
    bool is_main;
    sqlite3_file *real; /* behind this struct */
};

static void disk_break(const struct disk_fault *fault, int at)
{
    disk.fault = *fault;
    atomic_store(&disk.failed, 0);
    atomic_store(&disk.countdown, at);
}

static void disk_mend(void)
{
    atomic_store(&disk.countdown, -1);
}

/* Whether this deed fails. */
static bool disk_fails(enum disk_deed deed, bool is_main)
{
    if (atomic_load(&disk.countdown) < 0 || deed != disk.fault.deed || (disk.fault.on_main_file && !is_main))
        return false;
    int left = atomic_load(&disk.countdown);
    while (left > 0 && !atomic_compare_exchange_weak(&disk.countdown, &left, left - 1))
        continue;
    if (left != 0)
        return false;
    atomic_fetch_add(&disk.failed, 1);
    return true;
}

/* --- Files ------------------------------------------------------------------------------------------------ */

static sqlite3_file *disk_real(sqlite3_file *file)
{
    return ((struct disk_file *)file)->real;
}

static bool file_fails(sqlite3_file *file, enum disk_deed deed)
{
    return disk_fails(deed, ((struct disk_file *)file)->is_main);
}

static int disk_close(sqlite3_file *file)
{
    return disk_real(file)->pMethods->xClose(disk_real(file));
}

static int disk_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 at)
{
    if (file_fails(file, DISK_READ))
        return disk.fault.result;
    return disk_real(file)->pMethods->xRead(disk_real(file), bytes, count, at);
}

static int disk_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at)
{
    if (!file_fails(file, DISK_WRITE))
        return disk_real(file)->pMethods->xWrite(disk_real(file), bytes, count, at);
    if (disk.fault.writes_a_half)
        disk_real(file)->pMethods->xWrite(disk_real(file), bytes, count / 2, at);
    return disk.fault.result;
}

static int disk_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    if (file_fails(file, DISK_TRUNCATE))
        return disk.fault.result;
    return disk_real(file)->pMethods->xTruncate(disk_real(file), size);
}

static int disk_sync(sqlite3_file *file, int flags)
{
    if (file_fails(file, DISK_SYNC))
        return disk.fault.result;
    return disk_real(file)->pMethods->xSync(disk_real(file), flags);
}

static int disk_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return disk_real(file)->pMethods->xFileSize(disk_real(file), size);
}

static int disk_lock(sqlite3_file *file, int lock)
{
    if (file_fails(file, DISK_LOCK))
        return disk.fault.result;
    return disk_real(file)->pMethods->xLock(disk_real(file), lock);
}

static int disk_unlock(sqlite3_file *file, int lock)
{
    return disk_real(file)->pMethods->xUnlock(disk_real(file), lock);
}

static int disk_check_lock(sqlite3_file *file, int *is_locked)
{
    return disk_real(file)->pMethods->xCheckReservedLock(disk_real(file), is_locked);
}

static int disk_control(sqlite3_file *file, int operation, void *arg)
{
    return disk_real(file)->pMethods->xFileControl(disk_real(file), operation, arg);
}

static int disk_sector(sqlite3_file *file)
{
    return disk_real(file)->pMethods->xSectorSize(disk_real(file));
}

static int disk_character(sqlite3_file *file)
{
    return disk_real(file)->pMethods->xDeviceCharacteristics(disk_real(file));
}

static int disk_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory)
{
    if (file_fails(file, DISK_SHM_MAP))
        return disk.fault.result;
    return disk_real(file)->pMethods->xShmMap(disk_real(file), page, size, extend, memory);
}

/* To let a lock go never fails, as with the real one. */
static int disk_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    if ((flags & SQLITE_SHM_LOCK) && file_fails(file, DISK_SHM_LOCK))
        return disk.fault.result;
    return disk_real(file)->pMethods->xShmLock(disk_real(file), offset, count, flags);
}

static void disk_shm_barrier(sqlite3_file *file)
{
    disk_real(file)->pMethods->xShmBarrier(disk_real(file));
}

static int disk_shm_unmap(sqlite3_file *file, int deletes)
{
    return disk_real(file)->pMethods->xShmUnmap(disk_real(file), deletes);
}

/* Version 2: no memory mapping, so that every read is a read. */
static const sqlite3_io_methods disk_methods = {
    2, disk_close, disk_read, disk_write, disk_truncate, disk_sync, disk_size, disk_lock, disk_unlock,
    disk_check_lock, disk_control, disk_sector, disk_character, disk_shm_map, disk_shm_lock, disk_shm_barrier,
    disk_shm_unmap, NULL, NULL};

/* --- The VFS ---------------------------------------------------------------------------------------------- */

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out_flags)
{
    struct disk_file *file = (struct disk_file *)base;
    (void)vfs;
    file->base.pMethods = NULL;
    file->is_main = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    file->real = (sqlite3_file *)(file + 1);
    if (disk_fails(DISK_OPEN, file->is_main))
        return disk.fault.result;
    int result = disk.real->xOpen(disk.real, name, file->real, flags, out_flags);
    if (file->real->pMethods)
        file->base.pMethods = &disk_methods;
    return result;
}

static int disk_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds;
}

/* Everybody who names no VFS works on this disk from now on; the real one is "unix". */
static int disk_register(void)
{
    disk.real = sqlite3_vfs_find("unix");
    if (!disk.real)
        return -1;
    disk.vfs = *disk.real;
    disk.vfs.zName = "faulty";
    disk.vfs.pNext = NULL;
    disk.vfs.szOsFile = (int)sizeof(struct disk_file) + disk.real->szOsFile;
    disk.vfs.xOpen = disk_open;
    disk.vfs.xSleep = disk_sleep;
    return sqlite3_vfs_register(&disk.vfs, 1) == SQLITE_OK ? 0 : -1;
}

#endif
