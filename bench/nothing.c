// SPDX-License-Identifier: Apache-2.0
// The static program whose attach and execution are timed: it ends, and does nothing before. Without a C library, because the start
// of one takes longer than the attach: glibc's asks CPUID about a hundred times, and each of them leaves a virtual machine. What
// that adds is timed beside it, by libc.c.
#include <sys/syscall.h>

__attribute__((noreturn)) void _start(void) {
#if defined(__x86_64__)
    __asm__ volatile("syscall" : : "a"(SYS_exit_group), "D"(0) : "rcx", "r11", "memory");
#elif defined(__aarch64__)
    register long number __asm__("x8") = SYS_exit_group;
    register long status __asm__("x0") = 0;

    __asm__ volatile("svc 0" : : "r"(number), "r"(status) : "memory");
#else
#error "port me: the bench knows x86-64 and aarch64"
#endif
    __builtin_unreachable();
}
