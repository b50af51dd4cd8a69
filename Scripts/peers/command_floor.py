#!/usr/bin/env python3
"""Prints the CPU milliseconds that one shell command with one small output costs here and now.

Usage: command_floor.py FOLDER

What every engine pays for a stage whatever it does: two processes and a file. On a busy machine, or where many
files were deleted in the minutes before (ext4 then looks longer for a free inode), it is several times what it
is on a quiet one.
"""
import os
import resource
import subprocess
import sys

TRIES = 100


def spent():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


folder = os.path.join(sys.argv[1], "floor")
os.makedirs(folder)
with open(folder + "/in", "w") as file:
    file.write("x\n")
start = spent()
for number in range(TRIES):
    subprocess.run(["sh", "-c", f"cat in >{number}"], cwd=folder, check=True)
print(f"{1000 * (spent() - start) / TRIES:.2f}")
