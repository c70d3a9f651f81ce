// SPDX-License-Identifier: Apache-2.0
/*
 * Runs a syscall plan, and knows nothing else.
 *
 * A JVM has many threads, so it can neither fork() nor enter a user namespace. Java (io.berth.core.plan) therefore composes a
 * flat list of system calls as data, and this program, spawned by posix_spawn, runs it. Every policy is in Java, where it is
 * described, printed and tested; the layout here mirrors io.berth.core.plan.Encoder.
 *
 * Freestanding: no libc, no TLS, no allocation, no signal handler. The plan is a sealed memfd on fd 3; it is mapped privately at
 * a fixed address, so the pointers inside are absolute and nothing is relocated.
 */

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef long s64;

enum { FIRST_PLAN_FD = 3 };
enum { EXIT_NO_PLAN = 121, EXIT_NO_MEMORY = 122, EXIT_STEP_FAILED = 123, EXIT_BAD_STEP = 124 };
enum { EINTR = 4, EPIPE = 32, MAX_ERRNO = 4095 };
enum { PROT_READ_WRITE = 3, MAP_PRIVATE_FIXED_NOREPLACE = 0x100002 };

#define BASE 0x200000000UL
#define MAGIC 0x314e4c5048545242UL /* "BRTHPLN1" */

enum op { END = 1, CALL, JUMP, JUMP_EQUAL, JUMP_LESS, JUMP_BELOW, JUMP_ANY, SET, ADD, LOAD, CHAIN };
enum flag { RETRY = 1, IGNORE = 2, ZERO_FAILS = 4 };

struct plan {
    u64 magic;
    u64 size;      /* of the whole mapping in bytes */
    u32 steps;     /* offset of the first step from BASE */
    u32 count;     /* of the steps */
    u32 report;    /* fd that a failing step is written to */
    u32 spare[9];
};

struct step {
    u16 op;
    u16 flags;
    u32 number;    /* CALL: the syscall; JUMP*: the step to go to; LOAD: the width in bits */
    u64 arg[6];
    u32 result;    /* offset of the cell that takes the result, 0 for none */
    u16 indirect;  /* bit i: arg[i] is the address of a cell, whose value is meant */
    u16 tolerated; /* an errno that is as good as success, 0 for none */
};

struct message {
    u32 kind;      /* 0: a step failed. The kinds that a plan tells by itself are not 0 */
    u32 step;
    s64 value;     /* the errno */
};

_Static_assert(sizeof(struct plan) == 64, "Encoder.java writes 64 bytes");
_Static_assert(sizeof(struct step) == 64, "Encoder.java writes 64 bytes");
_Static_assert(sizeof(struct message) == 16, "Report.java reads 16 bytes");

#if defined(__x86_64__)

enum { SYS_write = 1, SYS_mmap = 9, SYS_munmap = 11, SYS_pread64 = 17, SYS_exit_group = 231 };

static inline s64 call(u64 number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f)
{
    s64 result;
    register u64 r10 __asm__("r10") = d;
    register u64 r8 __asm__("r8") = e;
    register u64 r9 __asm__("r9") = f;

    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

#elif defined(__aarch64__)

enum { SYS_write = 64, SYS_mmap = 222, SYS_munmap = 215, SYS_pread64 = 67, SYS_exit_group = 94 };

static inline s64 call(u64 number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f)
{
    register u64 x8 __asm__("x8") = number;
    register u64 x0 __asm__("x0") = a;
    register u64 x1 __asm__("x1") = b;
    register u64 x2 __asm__("x2") = c;
    register u64 x3 __asm__("x3") = d;
    register u64 x4 __asm__("x4") = e;
    register u64 x5 __asm__("x5") = f;

    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return (s64)x0;
}

#else
#error "port me: the spawner knows x86-64 and aarch64"
#endif

static _Noreturn void leave(int status)
{
    for (;;)
        call(SYS_exit_group, (u64)status, 0, 0, 0, 0, 0);
}

static struct plan *load_plan(u64 fd)
{
    struct plan head;

    if (call(SYS_pread64, fd, (u64)&head, sizeof head, 0, 0, 0) != sizeof head || head.magic != MAGIC)
        leave(EXIT_NO_PLAN);
    if (call(SYS_mmap, BASE, head.size, PROT_READ_WRITE, MAP_PRIVATE_FIXED_NOREPLACE, fd, 0) != (s64)BASE)
        leave(EXIT_NO_MEMORY);
    return (struct plan *)BASE;
}

static s64 load(u64 address, u32 bits)
{
    switch (bits) {
    case 8:
        return *(u8 *)address;
    case 16:
        return *(u16 *)address;
    case 32:
        return *(int *)address;
    case 64:
        return *(s64 *)address;
    default:
        leave(EXIT_BAD_STEP);
    }
}

static s64 call_or_die(const struct plan *plan, const struct step *step, u32 at, const u64 *v)
{
    s64 result;

    do
        result = call(step->number, v[0], v[1], v[2], v[3], v[4], v[5]);
    while (result == -EINTR && step->flags & RETRY);

    if (result == 0 && step->flags & ZERO_FAILS)
        result = -EPIPE;
    if (result < 0 && result >= -MAX_ERRNO && !(step->flags & IGNORE) && step->tolerated != -result) {
        struct message failed = {0, at, -result};
        call(SYS_write, plan->report, (u64)&failed, sizeof failed, 0, 0, 0);
        leave(EXIT_STEP_FAILED);
    }
    return result;
}

_Noreturn void _start(void)
{
    struct plan *plan = load_plan(FIRST_PLAN_FD);
    u32 at = 0;

    while (at < plan->count) {
        const struct step *step = (struct step *)(BASE + plan->steps) + at;
        s64 *result = (s64 *)(BASE + step->result);
        u64 v[6];
        int jump = 0;

        for (int i = 0; i < 6; i++)
            v[i] = step->indirect >> i & 1 ? *(u64 *)step->arg[i] : step->arg[i];

        switch (step->op) {
        case END:
            leave((int)v[0]);
        case CALL: {
            s64 returned = call_or_die(plan, step, at, v);
            if (step->result)
                *result = returned;
            break;
        }
        case JUMP:
            jump = 1;
            break;
        case JUMP_EQUAL:
            jump = v[0] == v[1];
            break;
        case JUMP_LESS:
            jump = (s64)v[0] < (s64)v[1];
            break;
        case JUMP_BELOW:
            jump = v[0] < v[1];
            break;
        case JUMP_ANY:
            jump = (v[0] & v[1]) != 0;
            break;
        case SET:
            *result = (s64)v[0];
            break;
        case ADD:
            *result += (s64)v[0];
            break;
        case LOAD:
            *result = load(v[0], step->number);
            break;
        case CHAIN:
            /* v[] is on the stack, so that nothing of the old plan is needed from here on */
            call(SYS_munmap, BASE, plan->size, 0, 0, 0, 0);
            plan = load_plan(v[0]);
            at = 0;
            continue;
        default:
            leave(EXIT_BAD_STEP);
        }
        at = jump ? step->number : at + 1;
    }
    leave(EXIT_BAD_STEP); /* ran past the last step: Java never builds such a plan */
}
