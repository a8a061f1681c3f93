/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Captures as file descriptors: between zvfs and the library's channel, which src/sys/fd.rs brings.
 *
 * Every open descriptor has a slot, with two semaphores for pollers, used as flags. They are the
 * slot's own, because zvfs pairs the preparation of a poll and its evaluation only loosely: a poll
 * that fails half-way, or whose descriptor is closed meanwhile, is never evaluated. Nothing here is
 * counted in the one and uncounted in the other, and raising a flag wakes all its pollers, so none
 * of them has to pass the news on.
 *
 * A thread in a blocking read has a semaphore of its own, because each waits for its own number of
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

/* Results of status(), and what edgepipe_fd_raise() is told. src/sys/fd.rs has the same numbers. */
#define READY  BIT(0)
#define CLOSED BIT(1)
#define DATA   BIT(2)

/** What a channel can do for its file descriptors; none of it blocks. */
struct edgepipe_fd_ops {
	/** Bytes in a record, 1 or more. */
	size_t (*record_bytes)(const void *channel);
	/** READY and CLOSED, as they are now. */
	uint32_t (*status)(const void *channel);
	/** Bytes of the records that are pending. */
	size_t (*pending)(const void *channel);
	/** Whether a blocking read of so many records may go on. If not, DATA will be raised. */
	bool (*readable)(const void *channel, size_t records);
	/** Reads whole records. Returns bytes, 0 at end of file, or -1 when nothing is pending. */
	ssize_t (*read)(const void *channel, void *buf, size_t size);
	/** Gives up the descriptor's hold of the channel. */
	void (*release)(const void *channel);
};

/** One open file descriptor, or none if it has no channel. */
struct slot {
	const void *channel;
	const struct edgepipe_fd_ops *ops;
	/** The instance of the C interface that it was opened for, if any. */
	const void *owner;
	/** Up while the channel is ready, or for no reason. */
	struct k_sem ready;
	/** Up while the channel is closed, or for no reason. */
	struct k_sem hangup;
	/** The mutex of zvfs, which it holds around read, close, and the two steps of a poll. */
	struct k_mutex *lock;
	/** Signalled when the last thread leaves a blocking read. */
	struct k_condvar left;
	/** Threads in a blocking read, under the mutex. */
	uint32_t readers;
	/** ZVFS_O_NONBLOCK or 0. */
	atomic_t flags;
	/** Being closed, or closed: nothing may use the channel any more. */
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

/* With a spinlock held, so that nobody is switched to, and can poll again, before the last wakes. */
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

/* Lets those run who were woken with a spinlock held. */
static void reschedule(void)
{
	if (!k_is_in_isr()) {
		k_sched_lock();
		k_sched_unlock();
	}
}

/**
 * @brief Wake those who use the file descriptors of a channel.
 *
 * To be called after the channel has changed, without its lock.
 *
 * @isr_ok
 *
 * @param channel The channel, whether it has file descriptors or not.
 * @param what READY to wake pollers for input, CLOSED to wake all pollers, DATA to wake those
 *        blocked in read() who may go on.
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

/* Reads, and waits for it. The mutex is released meanwhile, or nobody else could use the fd. */
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
	/* fd_close() waits for this, so the mutex is still that of our file descriptor. */
	(void)k_mutex_lock(slot->lock, K_FOREVER);
	slot->readers--;
	if (slot->readers == 0) {
		(void)k_condvar_signal(&slot->left);
	}
	return ret;
}

/* No more than can be returned, nor than there can be behind buf: Rust takes it for a slice. */
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

/* A file descriptor that is open for reading only. */
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
	/* Whoever opens the next file descriptor may have the slot before this returns. */
	const void *channel = slot->channel;
	const struct edgepipe_fd_ops *ops = slot->ops;

	if (!atomic_cas(&slot->closing, 0, 1)) {
		errno = EBADF;
		return -1;
	}
	K_SPINLOCK(&lock) {
		struct sleeper *sleeper;

		/* These stay up: a poll that has begun returns at once. */
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
	 * Whoever opens the next file descriptor makes its mutex anew, so nobody may be left who is
	 * going to take this one.
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

/* What poll() is to say now. Brings the flags in line with it. */
static short events_now(struct slot *slot, short wanted)
{
	uint32_t status;
	short events = 0;

	if (atomic_get(&slot->closing)) {
		return ZVFS_POLLNVAL;
	}
	/* Lowered first, so that a raise that comes after the look at the channel is not undone. */
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

/* The flag to wait for: those who do not want input must not be woken by it. */
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
	 * The events are out of step when a descriptor before this one was closed or opened while
	 * the poll slept.
	 */
	if (event->sem == flag_for(slot, pfd->events)) {
		woken = event->state != K_POLL_STATE_NOT_READY;
		event->state = K_POLL_STATE_NOT_READY;
	}
	pfd->revents = events_now(slot, pfd->events);
	/* Somebody else has read what it was woken for. */
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
		/* As Linux: what cannot be changed is ignored. */
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

	/* The two steps of a poll return their errors, all else has them in errno. */
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
			/* Not initialised anew: a late poll of the last user may still know them. */
			lower_flag(&claimed->ready);
			lower_flag(&claimed->hangup);
		}
	}
	return claimed;
}

/**
 * @brief Open a file descriptor for a channel, blocking and read-only.
 *
 * @param channel The channel, of which the caller has taken hold for the file descriptor.
 * @param ops What the channel can do.
 *
 * @return The file descriptor.
 * @retval -ENFILE No more of CONFIG_EDGEPIPE_FD_MAX or CONFIG_ZVFS_OPEN_MAX are free.
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
	/* Comes back with ZFD_IOCTL_SET_LOCK. */
	zvfs_finalize_typed_fd(fd, slot, &vtable, ZVFS_MODE_IFCHR);
	return fd;
}

/**
 * @brief Say what a file descriptor was opened for.
 *
 * @param fd The file descriptor, which was opened just now.
 * @param owner An address to ask for with edgepipe_fd_has_owner().
 */
void edgepipe_fd_set_owner(int fd, const void *owner)
{
	struct slot *slot = zvfs_get_fd_obj(fd, &vtable, EBADF);

	if (slot != NULL) {
		slot->owner = owner;
	}
}

/**
 * @brief Whether a file descriptor is open that was opened for this.
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
