// SPDX-License-Identifier: Apache-2.0
// The static program whose attach and execution are timed: what it takes is its own execution and end.
int main(void) {
    return 0;
}
