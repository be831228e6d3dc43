#pragma once
// The room's front door: load a configuration, ask it, print it.

#include "config/load.h"
#include "config/loaded.h"
#include "config/mask.h"
#include "config/problem.h"
#include "config/values.h"
