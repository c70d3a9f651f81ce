// SPDX-License-Identifier: Apache-2.0
// The same as nothing.c, statically linked with the C library, whose start and end are in the figure.
int main(void) {
    return 0;
}
