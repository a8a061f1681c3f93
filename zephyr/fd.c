/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Captures as file descriptors: connects zvfs to the library's channel, through src/sys/fd.rs.
 *
 * Every open descriptor has a slot, with two semaphores for pollers, used as flags. The flags
 * belong to the slot, not to a poll, because zvfs may prepare a poll and never evaluate it: if the
 * poll fails half-way, or its descriptor is closed meanwhile. So nothing is counted in the
 * preparation that the evaluation must undo. Raising a flag wakes all its pollers, so none of them
 * has to wake the next.
 *
 * A thread in a blocking read has its own semaphore, because each waits for its own number of
 * records.
 */

#include <errno.h>
#include <limits.h>
#include <stdarg.h>

#include <zephyr/init.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/dlist.h>
#include <zephyr/sys/fdtable.h>

#include <edgepipe/record.h>

/* Results of status(), and arguments of edgepipe_fd_raise(). src/sys/fd.rs has the same numbers. */
#define READY  BIT(0)
#define CLOSED BIT(1)
#define DATA   BIT(2)

/** The operations of a channel for its file descriptors; none of them blocks. */
struct edgepipe_fd_ops {
	/** Bytes in a record, 1 or more. */
	size_t (*record_bytes)(const void *channel);
	/** The present READY and CLOSED. */
	uint32_t (*status)(const void *channel);
	/** Bytes of the records that are pending. */
	size_t (*pending)(const void *channel);
	/**
	 * Whether a blocking read of this many records may go on. If not, DATA is raised when it
	 * may.
	 */
	bool (*readable)(const void *channel, size_t records);
	/**
	 * Reads whole records. Returns the number of bytes, 0 at end of file, or -1 when nothing is
	 * pending.
	 */
	ssize_t (*read)(const void *channel, void *buf, size_t size);
	/** Releases the descriptor's hold on the channel. */
	void (*release)(const void *channel);
};

/** One open file descriptor; the slot is free if it has no channel. */
struct slot {
	const void *channel;
	const struct edgepipe_fd_ops *ops;
	/** The instance of the C interface for which it was opened, if any. */
	const void *owner;
	/** Raised while the channel is ready; may be raised when it is not. */
	struct k_sem ready;
	/** Raised while the channel is closed; may be raised when it is not. */
	struct k_sem hangup;
	/** The mutex that zvfs holds around read, close, and the two steps of a poll. */
	struct k_mutex *lock;
	/** Signalled when the last thread leaves a blocking read. */
	struct k_condvar left;
	/** Threads in a blocking read, under the mutex. */
	uint32_t readers;
	/** ZVFS_O_NONBLOCK or 0. */
	atomic_t flags;
	/** Set when a close begins: nothing may use the channel any more. */
	atomic_t closing;
};

/** A thread in a blocking read. */
struct sleeper {
	sys_dnode_t node;
	struct slot *slot;
	size_t records;
	struct k_sem wake;
};

/* Protects which channel a slot has, and the list. Taken before a channel's lock, never after. */
static struct k_spinlock lock;
static struct slot slots[CONFIG_EDGEPIPE_FD_MAX];
static sys_dlist_t sleepers = SYS_DLIST_STATIC_INIT(&sleepers);

/* Called with a spinlock held: no thread runs, and polls again, before the last poller is woken. */
static void raise_flag(struct k_sem *flag)
{
	do {
		k_sem_give(flag);
	} while (!sys_dlist_is_empty(&flag->poll_events));
}

static void lower_flag(struct k_sem *flag)
{
	(void)k_sem_take(flag, K_NO_WAIT);
}

/* Lets threads run that were woken with a spinlock held. */
static void reschedule(void)
{
	if (!k_is_in_isr()) {
		k_sched_lock();
		k_sched_unlock();
	}
}

/**
 * @brief Wake the users of a channel's file descriptors.
 *
 * Call it after the channel has changed, without its lock.
 *
 * @isr_ok
 *
 * @param channel The channel, whether it has file descriptors or not.
 * @param what READY to wake pollers for input, CLOSED to wake all pollers, DATA to wake the blocked
 *        reads that may go on.
 */
void edgepipe_fd_raise(const void *channel, uint32_t what)
{
	K_SPINLOCK(&lock) {
		struct sleeper *sleeper;

		ARRAY_FOR_EACH_PTR(slots, slot) {
			if (slot->channel != channel) {
				continue;
			}
			if ((what & (READY | CLOSED)) != 0) {
				raise_flag(&slot->ready);
			}
			if ((what & CLOSED) != 0) {
				raise_flag(&slot->hangup);
			}
		}
		SYS_DLIST_FOR_EACH_CONTAINER(&sleepers, sleeper, node) {
			struct slot *slot = sleeper->slot;

			if ((what & DATA) != 0 && slot->channel == channel &&
			    slot->ops->readable(channel, sleeper->records)) {
				k_sem_give(&sleeper->wake);
			}
		}
	}
	reschedule();
}

/*
 * Waits and reads. The mutex is released meanwhile, because other threads may use the descriptor.
 */
static ssize_t read_blocking(struct slot *slot, void *buf, size_t size)
{
	struct sleeper self = {
		.slot = slot,
		.records = size / slot->ops->record_bytes(slot->channel),
	};
	ssize_t ret;

	k_sem_init(&self.wake, 0, 1);
	slot->readers++;
	k_mutex_unlock(slot->lock);
	K_SPINLOCK(&lock) {
		sys_dlist_append(&sleepers, &self.node);
	}

	while (true) {
		if (atomic_get(&slot->closing)) {
			ret = -EBADF;
			break;
		}
		if (slot->ops->readable(slot->channel, self.records)) {
			ret = slot->ops->read(slot->channel, buf, size);
			if (ret >= 0) {
				break;
			}
			/* Another reader was faster. */
			continue;
		}
		(void)k_sem_take(&self.wake, K_FOREVER);
	}

	K_SPINLOCK(&lock) {
		sys_dlist_remove(&self.node);
	}
	/*
	 * fd_close() waits for readers to leave, so the mutex still belongs to our file descriptor.
	 */
	(void)k_mutex_lock(slot->lock, K_FOREVER);
	slot->readers--;
	if (slot->readers == 0) {
		(void)k_condvar_signal(&slot->left);
	}
	return ret;
}

/*
 * The size, limited to what can be returned and to what can exist behind buf: Rust makes a slice of
 * it.
 */
static size_t size_within(const void *buf, size_t size)
{
	size_t behind = UINTPTR_MAX - (uintptr_t)buf;

	return MIN(size, MIN(behind, PTRDIFF_MAX));
}

static ssize_t fd_read(void *obj, void *buf, size_t size)
{
	struct slot *slot = obj;
	ssize_t ret;

	size = size_within(buf, size);
	if (atomic_get(&slot->closing)) {
		ret = -EBADF;
	} else if (size == 0) {
		ret = 0;
	} else if (size < slot->ops->record_bytes(slot->channel)) {
		ret = -EINVAL;
	} else if (buf == NULL) {
		ret = -EFAULT;
	} else if ((atomic_get(&slot->flags) & ZVFS_O_NONBLOCK) != 0) {
		ret = slot->ops->read(slot->channel, buf, size);
		ret = ret < 0 ? -EAGAIN : ret;
	} else {
		ret = read_blocking(slot, buf, size);
	}

	if (ret < 0) {
		errno = -ret;
		return -1;
	}
	return ret;
}

/* The file descriptor is open for reading only. */
static ssize_t fd_write(void *obj, const void *buf, size_t size)
{
	ARG_UNUSED(obj);
	ARG_UNUSED(buf);
	ARG_UNUSED(size);

	errno = EBADF;
	return -1;
}

/* zvfs frees the file descriptor when this returns, whatever it returns. */
static int fd_close(void *obj)
{
	struct slot *slot = obj;
	/* The next file descriptor may get the slot before this returns. */
	const void *channel = slot->channel;
	const struct edgepipe_fd_ops *ops = slot->ops;

	if (!atomic_cas(&slot->closing, 0, 1)) {
		errno = EBADF;
		return -1;
	}
	K_SPINLOCK(&lock) {
		struct sleeper *sleeper;

		/* The flags stay raised: a poll that has begun returns at once. */
		raise_flag(&slot->ready);
		raise_flag(&slot->hangup);
		SYS_DLIST_FOR_EACH_CONTAINER(&sleepers, sleeper, node) {
			if (sleeper->slot == slot) {
				k_sem_give(&sleeper->wake);
			}
		}
	}
	reschedule();
	/*
	 * Opening the next file descriptor initialises its mutex again. So no thread may be left
	 * that will take this mutex.
	 */
	while (slot->readers > 0) {
		(void)k_condvar_wait(&slot->left, slot->lock, K_FOREVER);
	}
	K_SPINLOCK(&lock) {
		slot->channel = NULL;
	}
	ops->release(channel);
	return 0;
}

/* The present result of poll(). Updates the flags accordingly. */
static short events_now(struct slot *slot, short wanted)
{
	uint32_t status;
	short events = 0;

	if (atomic_get(&slot->closing)) {
		return ZVFS_POLLNVAL;
	}
	/* Lowered first: a raise after status() must not be undone. */
	lower_flag(&slot->ready);
	status = slot->ops->status(slot->channel);
	if ((status & READY) != 0) {
		k_sem_give(&slot->ready);
		events |= wanted & ZVFS_POLLIN;
	}
	if ((status & CLOSED) != 0) {
		events |= ZVFS_POLLHUP;
	}
	return events;
}

/* The flag to wait for: input must not wake a poll that does not ask for it. */
static struct k_sem *flag_for(struct slot *slot, short wanted)
{
	return (wanted & ZVFS_POLLIN) != 0 ? &slot->ready : &slot->hangup;
}

static int poll_prepare(struct slot *slot, struct zvfs_pollfd *pfd, struct k_poll_event **pev,
			struct k_poll_event *pev_end)
{
	if (*pev == pev_end) {
		return -ENOMEM;
	}
	k_poll_event_init(*pev, K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
			  flag_for(slot, pfd->events));
	(*pev)++;
	return events_now(slot, pfd->events) != 0 ? -EALREADY : 0;
}

static int poll_update(struct slot *slot, struct zvfs_pollfd *pfd, struct k_poll_event **pev)
{
	struct k_poll_event *event = (*pev)++;
	bool woken = false;

	/*
	 * The event belongs to another descriptor if one before this was closed or opened while the
	 * poll slept.
	 */
	if (event->sem == flag_for(slot, pfd->events)) {
		woken = event->state != K_POLL_STATE_NOT_READY;
		event->state = K_POLL_STATE_NOT_READY;
	}
	pfd->revents = events_now(slot, pfd->events);
	/* The poll was woken, but another reader has read the records. */
	return pfd->revents == 0 && woken ? -EAGAIN : 0;
}

static int set_nonblocking(struct slot *slot, const int *on)
{
	if (on == NULL) {
		return -EFAULT;
	}
	atomic_set(&slot->flags, *on != 0 ? ZVFS_O_NONBLOCK : 0);
	return 0;
}

static int tell_pending(struct slot *slot, int *bytes)
{
	if (bytes == NULL) {
		return -EFAULT;
	}
	*bytes = MIN(slot->ops->pending(slot->channel), INT_MAX);
	return 0;
}

static int control(struct slot *slot, unsigned int request, va_list args)
{
	switch (request) {
	case ZVFS_F_GETFL:
		return ZVFS_O_RDONLY | atomic_get(&slot->flags);
	case ZVFS_F_SETFL:
		/* Like Linux: flags that cannot be changed are ignored. */
		atomic_set(&slot->flags, va_arg(args, int) & ZVFS_O_NONBLOCK);
		return 0;
	case ZFD_IOCTL_FIONBIO:
		return set_nonblocking(slot, va_arg(args, int *));
	case ZFD_IOCTL_FIONREAD:
		return tell_pending(slot, va_arg(args, int *));
	case ZFD_IOCTL_SET_LOCK:
		slot->lock = va_arg(args, struct k_mutex *);
		return 0;
	case ZFD_IOCTL_LSEEK:
		return -ESPIPE;
	case ZFD_IOCTL_FSYNC:
	case ZFD_IOCTL_TRUNCATE:
		return -EINVAL;
	default:
		/* Codes below 0x100 are those of fcntl(). */
		return request < 0x100 ? -EINVAL : -ENOTTY;
	}
}

static int fd_ioctl(void *obj, unsigned int request, va_list args)
{
	struct slot *slot = obj;
	int ret;

	/* The two steps of a poll return their errors; all other requests set errno. */
	if (request == ZFD_IOCTL_POLL_PREPARE) {
		struct zvfs_pollfd *pfd = va_arg(args, struct zvfs_pollfd *);
		struct k_poll_event **pev = va_arg(args, struct k_poll_event **);
		struct k_poll_event *pev_end = va_arg(args, struct k_poll_event *);

		return poll_prepare(slot, pfd, pev, pev_end);
	}
	if (request == ZFD_IOCTL_POLL_UPDATE) {
		struct zvfs_pollfd *pfd = va_arg(args, struct zvfs_pollfd *);
		struct k_poll_event **pev = va_arg(args, struct k_poll_event **);

		return poll_update(slot, pfd, pev);
	}

	ret = atomic_get(&slot->closing) ? -EBADF : control(slot, request, args);
	if (ret < 0) {
		errno = -ret;
		return -1;
	}
	return ret;
}

static const struct fd_op_vtable vtable = {
	.read = fd_read,
	.write = fd_write,
	.close = fd_close,
	.ioctl = fd_ioctl,
};

static struct slot *claim(const void *channel, const struct edgepipe_fd_ops *ops)
{
	struct slot *claimed = NULL;

	K_SPINLOCK(&lock) {
		ARRAY_FOR_EACH_PTR(slots, slot) {
			if (slot->channel == NULL) {
				claimed = slot;
				break;
			}
		}
		if (claimed != NULL) {
			claimed->channel = channel;
			claimed->ops = ops;
			claimed->owner = NULL;
			atomic_set(&claimed->flags, 0);
			atomic_set(&claimed->closing, 0);
			/* Not initialised again: a late poll of the last user may still use them. */
			lower_flag(&claimed->ready);
			lower_flag(&claimed->hangup);
		}
	}
	return claimed;
}

/**
 * @brief Open a file descriptor for a channel, blocking and read-only.
 *
 * @param channel The channel; the caller has taken a hold on it for the file descriptor.
 * @param ops The channel's operations.
 *
 * @return The file descriptor.
 * @retval -ENFILE If all of CONFIG_EDGEPIPE_FD_MAX, or all that zvfs has, are in use.
 */
int edgepipe_fd_open(const void *channel, const struct edgepipe_fd_ops *ops)
{
	struct slot *slot;
	int fd = zvfs_reserve_fd();

	if (fd < 0) {
		return -ENFILE;
	}
	slot = claim(channel, ops);
	if (slot == NULL) {
		zvfs_free_fd(fd);
		return -ENFILE;
	}
	/* This calls fd_ioctl() with ZFD_IOCTL_SET_LOCK. */
	zvfs_finalize_typed_fd(fd, slot, &vtable, ZVFS_MODE_IFCHR);
	return fd;
}

/**
 * @brief Set what a file descriptor was opened for.
 *
 * @param fd The file descriptor, which was opened just now.
 * @param owner An address that edgepipe_fd_has_owner() will compare with.
 */
void edgepipe_fd_set_owner(int fd, const void *owner)
{
	struct slot *slot = zvfs_get_fd_obj(fd, &vtable, EBADF);

	if (slot != NULL) {
		slot->owner = owner;
	}
}

/**
 * @brief Whether a file descriptor is open that was opened for @p owner.
 *
 * @isr_ok
 */
bool edgepipe_fd_has_owner(const void *owner)
{
	bool found = false;

	K_SPINLOCK(&lock) {
		ARRAY_FOR_EACH_PTR(slots, slot) {
			found = found || (slot->channel != NULL && slot->owner == owner);
		}
	}
	return found;
}

static int fd_init(void)
{
	ARRAY_FOR_EACH_PTR(slots, slot) {
		k_sem_init(&slot->ready, 0, 1);
		k_sem_init(&slot->hangup, 0, 1);
		k_condvar_init(&slot->left);
	}
	return 0;
}

SYS_INIT(fd_init, PRE_KERNEL_1, CONFIG_KERNEL_INIT_PRIORITY_OBJECTS);
