#pragma once
#include "process.h"
#include "shared.h"
#include "terminal.h"
