#pragma once
#include "shared.h"
#include "terminal.h"
