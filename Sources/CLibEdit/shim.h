#include <histedit.h>
#include <stdio.h>
